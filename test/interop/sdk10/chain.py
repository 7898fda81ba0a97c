"""Small helpers around the SDK."""

from collections import namedtuple

Subnet = namedtuple("Subnet", ["netuid", "owner"])


def must(response):
    """The response, which must be a success."""
    assert response.success, response.message
    return response


def sudo(subtensor, root, function, params, module="AdminUtils"):
    """A root call, signed by the sudo key; fails where the inner call does."""
    inner = subtensor.compose_call(call_module=module, call_function=function, call_params=params)
    call = subtensor.compose_call(call_module="Sudo", call_function="sudo", call_params={"call": inner})
    response = must(
        subtensor.sign_and_send_extrinsic(call, root, wait_for_inclusion=True, wait_for_finalization=True)
    )
    (event,) = [
        event for event in response.extrinsic_receipt.triggered_events if event["event"]["event_id"] == "Sudid"
    ]
    result = event["event"]["attributes"]["sudo_result"]
    assert "Ok" in result, f"{function}: {result}"


def send(subtensor, wallet, module, function, params, sign_with="coldkey"):
    """Any call, as the chain has it."""
    call = subtensor.compose_call(call_module=module, call_function=function, call_params=params)
    return subtensor.sign_and_send_extrinsic(
        call, wallet, sign_with=sign_with, wait_for_inclusion=True, wait_for_finalization=True
    )
