// SPDX-License-Identifier: GPL-3.0-or-later
// The two formats with one scale per square tile: float8_e4m3fn_blockwise and int8_blockwise. They differ in
// codes, formula and stored tensors only.
#pragma once

#include "engine/formats/scaled_codes.h"

namespace mantissa::formats {

class TiledFormat : public FormatBase {
public:
    TiledFormat(FormatInfo info, CodeKind code);

    Result<FormatParams> resolve(MatrixShape shape, const FormatParams& wanted, Recipe recipe) const override;
    std::vector<StoredTensor> layout(MatrixShape shape, const FormatParams& params) const override;
    LayerSettings settings(MatrixShape shape, const FormatParams& params, std::string_view origDtype,
        Arithmetic style) const override;
    Result<FormatParams> paramsFromSettings(std::string_view json, MatrixShape shape) const override;
    std::unique_ptr<LayerEncoder> encoder(const EncodeRequest& request) const override;
    Result<std::unique_ptr<LayerDecoder>> decoder(MatrixShape shape, const FormatParams& params,
        std::span<const StoredTensor> stored, StoredReader reader) const override;
    Result<CodeGrid> codeGrid(MatrixShape shape, const FormatParams& params) const override;

private:
    DType dtype() const { return m_code == CodeKind::E4M3 ? DType::F8E4M3 : DType::I8; }

    CodeKind m_code;
};

} // namespace mantissa::formats
