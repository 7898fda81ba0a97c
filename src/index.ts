// The public surface, picked by hand. Beside it stand faculty/defineMiner, faculty/defineValidator, faculty/localnet
// (which starts a chain) and faculty/client (which also runs in browsers).

// Amounts, names, errors.

export { type BadInput, FacultyError, type Failure, InputError } from './base/errors.ts'
export {
  type Coldkey,
  formatTokens,
  type Hash,
  type Hotkey,
  parseTokens,
  type Rao,
  rao,
  raoPerToken,
} from './base/units.ts'

// Keys and wallets.

export { pairFromMnemonic, pairFromSeed, pairFromUri } from './keys/derive.ts'
export type { KeyPair } from './keys/keyPair.ts'
export { type ExternalSigner, externalSigner, localSigner, type Signer } from './keys/signer.ts'
export { decodeAddress, encodeAddress, isAddress } from './keys/ss58.ts'
export { createColdkey } from './wallet/createColdkey.ts'
export { createHotkey } from './wallet/createHotkey.ts'
export { openWallet, type Wallet } from './wallet/openWallet.ts'
export { WalletError, type WalletFailure } from './wallet/walletError.ts'

// Any subtensor chain: a connection, and operations that take it first.

export { addStake } from './chain/addStake.ts'
export { burnedRegister, getBurn, type RegisterOptions } from './chain/burnedRegister.ts'
export { ChainError, type ChainFailure } from './chain/chainError.ts'
export {
  commitTimelockedWeights,
  type TimelockedCommit,
  type TimelockedWeights,
} from './chain/commitTimelockedWeights.ts'
export { commitWeights, revealWeights, type WeightsCommit } from './chain/commitWeights.ts'
export { type Chain, type ConnectOptions, connectChain } from './chain/connect.ts'
export { type Balance, getBalance } from './chain/getBalance.ts'
export { type AxonInfo, getMetagraph, type Metagraph, type Neuron } from './chain/getMetagraph.ts'
export { getNeuronCertificate } from './chain/getNeuronCertificate.ts'
export { getStakes, type Stake } from './chain/getStake.ts'
export { getSubnets, type Subnet } from './chain/getSubnets.ts'
export { getHyperparameters, type HyperparameterName, setHyperparameter } from './chain/hyperparameters.ts'
export { type ProxySigner, proxySigner } from './chain/proxySigner.ts'
export { getNetworkCost, registerNetwork } from './chain/registerNetwork.ts'
export { removeStake } from './chain/removeStake.ts'
export { type ServeOptions, serveAxon } from './chain/serveAxon.ts'
export { quantiseWeights, setWeights, type Weights } from './chain/setWeights.ts'
export { startCall } from './chain/startCall.ts'
export type { SubmitOptions, Submitted } from './chain/submit.ts'
export { transfer } from './chain/transfer.ts'
export { type BlockHeader, watchBlocks } from './chain/watchBlocks.ts'
export type { Localnet, LocalnetOptions } from './localnet/startLocalnet.ts'

// A miner's endpoint, its callers, and the receipts between them.

export type { Admission, Admit, AnswerEvent, Answerer, Caller } from './axon/answer.ts'
export { AnswerError, AxonError } from './axon/axonError.ts'
export {
  type AxonKey,
  certificateBytes,
  generateAxonKey,
  loadAxonKey,
  loadOrCreateAxonKey,
  saveAxonKey,
} from './axon/axonKey.ts'
export { type Axon, type AxonOptions, startAxon } from './axon/startAxon.ts'
export { connect } from './dendrite/connect.ts'
export { Dendrite, type Outcome, type Question } from './dendrite/dendrite.ts'
export { DendriteError, type DendriteFailure } from './dendrite/dendriteError.ts'
export { HttpDendrite, type HttpDendriteOptions, type HttpTarget } from './dendrite/httpDendrite.ts'
export { httpTargetOf } from './dendrite/httpTargetOf.ts'
export type { Answer, AskEvent, AskOptions, AskRequest, Target } from './dendrite/target.ts'
export { announcedIp, chainIpOfHost, hostOfChainIp } from './wire/axonAddress.ts'
export type { Receipt, ReceiptField } from './wire/receipt.ts'
export { type ReceiptClaims, type ReceiptVerdict, verifyReceipt } from './wire/verifyReceipt.ts'

// Domains as plug-ins.

export {
  defineMiner,
  type Engine,
  type EngineEvent,
  type GenerateRequest,
  type MinerContext,
  type MinerDefinition,
} from './domain/defineMiner.ts'
export {
  defineValidator,
  type Rng,
  type Task,
  type TaskFamily,
  type Truth,
  type ValidatorDefinition,
} from './domain/defineValidator.ts'

// Consensus, bit for bit as the chain computes it.

export { epoch } from './yuma/epoch.ts'
export type { EpochInput } from './yuma/epochInput.ts'
export type { EpochOutput } from './yuma/epochOutput.ts'

// A gateway inside another program.

export { GatewayError, type GatewayFailure } from './gateway/gatewayError.ts'
export { type Gateway, type GatewayOptions, startGateway } from './gateway/startGateway.ts'
