// The parts of a company's telemetry that are decided on apart: each has features, a model, a
// policy and a champion of its own. Alerts are what other tools found and a SIEM collected.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace winnow {

enum class Domain : std::uint8_t { Mail, Network, Endpoint, Cloud, Alerts };
inline constexpr std::array kDomains = {Domain::Mail, Domain::Network, Domain::Endpoint,
                                        Domain::Cloud, Domain::Alerts};

std::string_view name_of(Domain domain);  // "mail", "network", ...
std::optional<Domain> domain_named(std::string_view name);

}  // namespace winnow
