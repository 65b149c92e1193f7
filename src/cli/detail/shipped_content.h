// The content/ folder that ships with Winnow, inside the binary: what `winnow init` writes for its
// users to edit.
#pragma once

#include <span>
#include <string_view>

namespace winnow::cli {

struct EmbeddedFile {
  std::string_view path;  // below content/
  std::string_view bytes;
};

std::span<const EmbeddedFile> shipped_content();  // sorted by path

}  // namespace winnow::cli
