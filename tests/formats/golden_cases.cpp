// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/formats/golden_cases.h"

#include <algorithm>
#include <catch2/catch.hpp>

namespace mantissa::test {

namespace {

FormatParams paramsOf(std::string scaling, int block = 0, int group = 0)
{
    FormatParams params;
    params.scaling = std::move(scaling);
    params.blockSize = block;
    if (group != 0 || params.scaling == "row")
        params.convrotGroup = group;
    return params;
}

std::optional<Encoding> encodingOf(const std::string& file, const std::string& encoder)
{
    const int number = trailingNumber(encoder);
    if (startsWith(encoder, "ctq_block"))
        return Encoding{
            file == "fp8" ? "float8_e4m3fn_blockwise" : "int8_blockwise", paramsOf("block", number)};
    if (startsWith(encoder, "ctq_int8_primary_g"))
        return Encoding{"int8_tensorwise", paramsOf("row", 0, number)};
    if (startsWith(encoder, "ctq_int8_custom_g"))
        return Encoding{"int8_tensorwise", paramsOf("row", 0, number), Arithmetic::CtqCustom};
    if (startsWith(encoder, "ck_int8_g"))
        return Encoding{"int8_tensorwise", paramsOf("row", 0, number), Arithmetic::Kitchen};
    if (startsWith(encoder, "convrot_w4a4_g"))
        return Encoding{"convrot_w4a4", paramsOf("row", 0, number)};
    if (startsWith(encoder, "asym_w4a8_b")) { // "asym_w4a8_b4_g64"
        Encoding encoding{"asym_w4a8_int8", paramsOf("block", 0, number)};
        encoding.params.bits = encoder[std::string("asym_w4a8_b").size()] - '0';
        return encoding;
    }
    if (file == "nf4") { // "nf4_bs64_nested"
        const bool nested = encoder.find("_nested") != std::string::npos;
        return Encoding{encoder.substr(0, 3),
            paramsOf(
                nested ? "nested" : "block", trailingNumber(encoder.substr(0, encoder.find("_nested"))))};
    }
    const std::map<std::string, Encoding> exact{
        {"fp8/ctq_tensor", {"float8_e4m3fn", paramsOf("tensor")}},
        {"fp8/ctq_row", {"float8_e4m3fn_rowwise", paramsOf("row")}},
        {"fp8/ck_e4m3fn", {"float8_e4m3fn", paramsOf("tensor"), Arithmetic::Kitchen}},
        {"fp8/ck_e5m2", {"float8_e5m2", paramsOf("tensor"), Arithmetic::Kitchen}},
        {"int8/ctq_tensor", {"int8_tensorwise", paramsOf("tensor")}},
        {"int8/ctq_row", {"int8_tensorwise", paramsOf("row")}},
        {"int8/ck_tensorwise", {"int8_tensorwise", paramsOf("tensor"), Arithmetic::Kitchen}},
        {"int8/ck_rowwise", {"int8_tensorwise", paramsOf("row"), Arithmetic::Kitchen}},
        {"nvfp4/ctq_simple", {"nvfp4", paramsOf("block"), Arithmetic::CtqSimple}},
        {"nvfp4/ctq_unified", {"nvfp4", paramsOf("block")}},
        {"nvfp4/ck", {"nvfp4", paramsOf("block"), Arithmetic::Kitchen}},
        {"mxfp8/ctq_simple", {"mxfp8", paramsOf("block"), Arithmetic::CtqSimple}},
        {"mxfp8/ctq_unified", {"mxfp8", paramsOf("block")}},
        {"mxfp8/ck", {"mxfp8", paramsOf("block"), Arithmetic::Kitchen}},
    };
    const auto found = exact.find(file + "/" + encoder);
    return found == exact.end() ? std::nullopt : std::optional(found->second);
}

} // namespace

int trailingNumber(const std::string& name)
{
    const auto last = name.find_last_not_of("0123456789");
    return last + 1 < name.size() ? std::stoi(name.substr(last + 1)) : 0;
}

bool startsWith(const std::string& text, const std::string& prefix)
{
    return text.compare(0, prefix.size(), prefix) == 0;
}

const GoldenFile& inputs()
{
    static const GoldenFile file("formats/inputs.safetensors");
    return file;
}

/// `skip`.
std::vector<Case> casesOf(const std::string& file, const std::vector<std::string>& skip)
{
    const GoldenFile golden("formats/" + file + ".safetensors");
    std::map<std::string, Case> cases;
    for (const auto& [name, tensor] : golden.tensors()) {
        if (std::any_of(
                skip.begin(), skip.end(), [&](const auto& part) { return name.find(part) != name.npos; }))
            continue;
        const auto first = name.find('/'), last = name.rfind('/');
        INFO(name);
        REQUIRE(first != last);
        Case& one = cases[name.substr(0, last)];
        one.file = file;
        one.name = name.substr(0, first);
        one.encoder = name.substr(first + 1, last - first - 1);
        one.golden[name.substr(last + 1)] = tensor;
    }
    std::vector<Case> list;
    for (auto& [label, one] : cases) {
        INFO(file << ": " << label);
        const auto encoding = encodingOf(file, one.encoder);
        REQUIRE(encoding.has_value());
        one.encoding = *encoding;
        one.format = findFormat(one.encoding.format);
        REQUIRE(one.format != nullptr);
        const GoldenTensor& input = inputs().at(one.name);
        one.weights = input.floats();
        one.request.shape = {input.shape.at(0), input.shape.at(1)};
        one.request.source = dtypeFromName(input.dtype).value();
        one.request.params = resolved(*one.format, one.request.shape, one.encoding.params);
        one.request.recipe = Recipe::Absmax;
        one.request.arithmetic = one.encoding.arithmetic;
        one.request.origDtype = input.dtype == "F32" ? "torch.float32"
            : input.dtype == "F16"                   ? "torch.float16"
                                                     : "torch.bfloat16";
        one.ours = encodeLayer(*one.format, one.request, one.weights);
        list.push_back(std::move(one));
    }
    return list;
}

std::vector<std::string> storedDifferences(const Case& one, const std::set<std::string>& but)
{
    std::vector<std::string> differences;
    for (std::size_t i = 0; i < one.ours.tensors.size(); ++i) {
        const StoredTensor& tensor = one.ours.tensors[i];
        if (tensor.suffix == "input_scale" || but.count(tensor.suffix) != 0)
            continue;
        const auto found = one.golden.find(tensor.suffix);
        if (found == one.golden.end())
            differences.push_back(tensor.suffix + " is not in the golden file");
        else if (auto text = difference(found->second, tensor, one.ours.bytes[i]); !text.empty())
            differences.push_back(text);
    }
    return differences;
}

void checkFlippedBits(const Case& original)
{
    for (std::size_t i = 0; i < original.ours.tensors.size(); ++i) {
        const std::string& suffix = original.ours.tensors[i].suffix;
        if (original.golden.count(suffix) == 0)
            continue;
        Case flipped = original;
        auto& bytes = flipped.golden.at(suffix).bytes;
        bytes[bytes.size() / 2] ^= 1u;
        INFO(original.label() << " with a flipped bit in " << suffix);
        CHECK(storedDifferences(flipped).size() == storedDifferences(original).size() + 1);
    }
}

} // namespace mantissa::test
