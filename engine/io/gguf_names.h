// SPDX-License-Identifier: GPL-3.0-or-later
// Text encoders in GGUF files have llama.cpp's names; every other container spells them as Hugging Face does.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace mantissa {

/// Gives T5 and Qwen encoders the names that they have elsewhere, where all of them stay different. Others
/// keep theirs: llama.cpp also reorders values of Llama, and adds to norms of Gemma, so that new names alone
/// would promise too much. `architecture` is general.architecture, which alone tells Qwen from Llama.
void spellAsElsewhere(std::vector<std::string*>& names, std::string_view architecture);

} // namespace mantissa
