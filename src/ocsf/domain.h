// The parts of a company's telemetry that are decided on apart: each has features, a model, a
// policy and a champion of its own.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace winnow {

enum class Domain : std::uint8_t { Mail, Network, Endpoint, Cloud };
inline constexpr std::array kDomains = {Domain::Mail, Domain::Network, Domain::Endpoint,
                                        Domain::Cloud};

std::string_view name_of(Domain domain);  // "mail", "network", "endpoint", "cloud"
std::optional<Domain> domain_named(std::string_view name);

}  // namespace winnow
