// The tables of cases in winnow.db: docs/formats/cases.md.
#pragma once

#include <span>
#include <string_view>

namespace winnow::cases {

std::span<const std::string_view> schema();
// What empties the projection, so that it is made again from decisions and audit log.
std::string_view emptying();

}  // namespace winnow::cases
