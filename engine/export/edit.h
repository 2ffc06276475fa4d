// SPDX-License-Identifier: GPL-3.0-or-later
// Edits of a file's names, metadata and quantization settings. Tensor data is copied, never changed.
#pragma once

#include "engine/export/assembly.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace mantissa {

struct EditOptions {
    std::vector<std::string> removeKeys; ///< keys of layer settings (comfy_quant and header table)
    std::vector<std::pair<std::string, std::string>> addKeys; ///< key → value as JSON text
    std::string quantFilter; ///< only layers whose name this pattern is found in; empty: all
    bool saveTable = false; ///< make the header table anew from the layers' own settings, all keys kept
    std::vector<std::pair<std::string, std::string>> renames; ///< text in tensor names → what replaces it
    std::string removeTensors; ///< pattern of tensors to leave out; empty: none
    std::vector<std::pair<std::string, std::string>> setMetadata;
    std::vector<std::string> removeMetadata;
};

struct EditSummary {
    std::uint32_t layersEdited = 0, tensorsRenamed = 0, tensorsRemoved = 0, settingsAdded = 0;
};

/// Parses "'full_precision_matrix_mult': true, 'group_size': 64, 'note': 'text'" (the spelling of
/// convert-to-quant). Usage names the place of a mistake.
Result<std::vector<std::pair<std::string, std::string>>> parseKeyValues(std::string_view text);

/// Lays the edited file out. Usage where a pattern is wrong or two tensors would get one name; InvalidInput
/// where the file's settings are not JSON.
Result<Assembly> assembleEdit(
    std::shared_ptr<const TensorSource> source, const EditOptions& options, EditSummary& summary);

} // namespace mantissa
