"""Writes a trained folder in the Hugging Face layout with ONNX weights: `python export.py --model DIR --domain law --grade expert --out
miners/law/expert`.

Inputs: input_ids, attention_mask, position_ids (int64), past_key_values.{i}.key and .value [batch, heads, past, head].
Outputs: logits [batch, new, vocabulary], present.{i}.key and .value.
"""
import argparse
import json
import warnings
from pathlib import Path

import torch

from tokenizers import Tokenizer

from decoder import ROPE_BASE, Decoder
from limits import limits_of
from tokens import CALL, CALLED, CHAT_TEMPLATE, END, PAD, RESULT, UNKNOWN

OPSET = 14
CONTEXT = 512
MOST_NEW_TOKENS = 192


class Flat(torch.nn.Module):
    """The decoder with its cache as flat arguments, as the exporter wants it."""

    def __init__(self, decoder):
        super().__init__()
        self.decoder = decoder

    def forward(self, input_ids, attention_mask, position_ids, *past):
        pairs = [(past[index], past[index + 1]) for index in range(0, len(past), 2)]
        logits, presents = self.decoder(input_ids, attention_mask, position_ids, pairs)
        return (logits, *(tensor for pair in presents for tensor in pair))


def export_onnx(model, path, layers, cache_heads, head):
    """model: any module called with ids, mask, positions and the layers' caches, each [batch, cache_heads, past, head]."""
    # No dimension of 1, which the tracer would take for a constant.
    batch, new, past = 2, 3, 5
    example = (
        torch.ones(batch, new, dtype=torch.int64),
        torch.ones(batch, past + new, dtype=torch.int64),
        torch.arange(past, past + new).repeat(batch, 1),
        *(torch.zeros(batch, cache_heads, past, head) for _ in range(2 * layers)),
    )
    cached = [f"{index}.{part}" for index in range(layers) for part in ("key", "value")]
    names = ["input_ids", "attention_mask", "position_ids", *(f"past_key_values.{name}" for name in cached)]
    outputs = ["logits", *(f"present.{name}" for name in cached)]
    axes = {"input_ids": {0: "batch", 1: "new"}, "attention_mask": {0: "batch", 1: "total"}, "position_ids": {0: "batch", 1: "new"}, "logits": {0: "batch", 1: "new"}}
    axes.update({f"past_key_values.{name}": {0: "batch", 2: "past"} for name in cached})
    axes.update({f"present.{name}": {0: "batch", 2: "total"} for name in cached})
    # Newer releases default to another exporter; older ones do not know the argument.
    legacy = {"dynamo": False} if int(torch.__version__.split(".")[0]) >= 2 else {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        # Without folding the tied head is stored once, not a second time transposed.
        torch.onnx.export(
            Flat(model), example, str(path), opset_version=OPSET, input_names=names, output_names=outputs,
            dynamic_axes=axes, do_constant_folding=False, **legacy,
        )


def write_json(path, value):
    path.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n")


def load(folder, grade):
    saved = torch.load(folder / f"{grade}.pt", map_location="cpu")
    model = Decoder(**saved["shape"])
    model.load_state_dict(saved["model"])
    return model.eval(), Tokenizer.from_file(str(folder / "tokenizer.raw.json")), saved


def export(folder, domain, grade, out):
    model, tokenizer, _ = load(folder, grade)
    shape = model.shape
    (out / "onnx").mkdir(parents=True, exist_ok=True)
    export_onnx(model, out / "onnx" / "model.onnx", shape["layers"], shape["heads"], shape["width"] // shape["heads"])
    end, pad = tokenizer.token_to_id(END), tokenizer.token_to_id(PAD)
    write_json(out / "config.json", {
        "architectures": ["FacultyDecoderForCausalLM"],
        "model_type": "faculty-decoder",
        "vocab_size": shape["vocabulary"],
        "hidden_size": shape["width"],
        "intermediate_size": shape["mlp"],
        "num_hidden_layers": shape["layers"],
        "num_attention_heads": shape["heads"],
        "num_key_value_heads": shape["heads"],
        "head_dim": shape["width"] // shape["heads"],
        "hidden_act": "relu2",
        "max_position_embeddings": CONTEXT,
        "rope_theta": ROPE_BASE,
        "rms_norm_eps": 1e-5,
        "tie_word_embeddings": True,
        "attention_bias": True,
        "torch_dtype": "float32",
        "bos_token_id": None,
        "eos_token_id": end,
        "pad_token_id": pad,
    })
    write_json(out / "generation_config.json", {
        "do_sample": False, "eos_token_id": end, "pad_token_id": pad, "max_new_tokens": MOST_NEW_TOKENS,
    })
    write_json(out / "limits.json", limits_of(domain))
    tokenizer.save(str(out / "tokenizer.json"), pretty=False)
    write_json(out / "tokenizer_config.json", {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "model_max_length": CONTEXT,
        "unk_token": UNKNOWN,
        "pad_token": PAD,
        "eos_token": END,
        "clean_up_tokenization_spaces": False,
        "added_tokens_decoder": {
            str(tokenizer.token_to_id(token)): {"content": token, "special": token not in (CALL, CALLED), "normalized": False, "lstrip": False, "rstrip": False, "single_word": False}
            for token in (UNKNOWN, PAD, END, CALL, CALLED, RESULT)
        },
        "chat_template": CHAT_TEMPLATE,
    })


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", required=True, type=Path)
    parser.add_argument("--domain", required=True)
    parser.add_argument("--grade", required=True)
    parser.add_argument("--out", required=True, type=Path)
    arguments = parser.parse_args()
    export(arguments.model, arguments.domain, arguments.grade, arguments.out)


if __name__ == "__main__":
    main()
