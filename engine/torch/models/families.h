// SPDX-License-Identifier: GPL-3.0-or-later
// The makers of all families: each is defined in the file of its name and listed in registry.cpp.
#pragma once

#include "engine/torch/models/network.h"

namespace mantissa {

Network makeUnet(const Scope& scope, std::string_view id);
Network makeAutoencoderKl(const Scope& scope, std::string_view id);
Network makeClipText(const Scope& scope, std::string_view id);
Network makeT5Encoder(const Scope& scope, std::string_view id);
Network makePixArt(const Scope& scope, std::string_view id);
Network makeLumina2(const Scope& scope, std::string_view id);
Network makeWan(const Scope& scope, std::string_view id);
Network makeHunyuanVideo(const Scope& scope, std::string_view id);
Network makeFlux1(const Scope& scope, std::string_view id);
Network makeSd3(const Scope& scope, std::string_view id);
Network makeChroma(const Scope& scope, std::string_view id);
Network makeFlux2(const Scope& scope, std::string_view id);
Network makeQwenImage(const Scope& scope, std::string_view id);
Network makeAuraFlow(const Scope& scope, std::string_view id);
Network makeSeedVr2(const Scope& scope, std::string_view id);
Network makeSeedVr2Vae(const Scope& scope, std::string_view id);
Network makeWanVae(const Scope& scope, std::string_view id);
Network makeHunyuanVae(const Scope& scope, std::string_view id);

} // namespace mantissa
