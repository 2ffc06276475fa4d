// SPDX-License-Identifier: GPL-3.0-or-later
// A SentencePiece model that the library's own trainer makes at test time: none may be committed.
#pragma once

#include <string>

namespace mantissa::test {

/// The bytes of a model of 50 pieces with T5's special ids (pad 0, end 1, unknown 2); empty, with a line that
/// says why, where the library has no trainer.
const std::string& trainedTokenizer();

} // namespace mantissa::test
