// The files of console/dist, when there were any when this was built. The table is generated.
#pragma once

#include <span>
#include <string_view>

namespace winnow::server {

struct ConsoleFile {
  std::string_view path;  // "assets/index-a1b2c3d4.js"
  std::string_view bytes;
};
std::span<const ConsoleFile> console_files();

}  // namespace winnow::server
