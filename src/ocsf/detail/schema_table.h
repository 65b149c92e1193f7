// The file schema_table.txt, as the build put it into the program.
#pragma once

#include <span>
#include <string_view>

namespace winnow::ocsf {

struct SchemaFile {
  std::string_view path;
  std::string_view bytes;
};

std::span<const SchemaFile> schema_files();

}  // namespace winnow::ocsf
