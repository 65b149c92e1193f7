#include "features/detail/primitive.h"

#include <cstring>
#include <string>

#include "base/contract.h"
#include "base/utf8.h"

namespace winnow::features {
namespace {

Type type_named(std::string_view name) {
  for (int i = 0; i <= static_cast<int>(Type::Token); ++i) {
    if (name_of(static_cast<Type>(i)) == name) return static_cast<Type>(i);
  }
  ensure(false, "a signature in a table of primitives names existing types");
  return Type::Number;
}

}  // namespace

Signature read_signature(std::string_view text) {
  Signature signature;
  const auto arrow = text.find("->");
  ensure(arrow != std::string_view::npos, "a signature in a table of primitives has an arrow");
  signature.result = type_named(trim_ascii(text.substr(arrow + 2)));
  auto parameters = text.substr(0, arrow);
  while (!trim_ascii(parameters).empty()) {
    const auto comma = parameters.find_first_of(",:");
    auto name = trim_ascii(parameters.substr(0, comma));
    if (name.ends_with("...")) {
      signature.repeats_last = true;
      name.remove_suffix(3);
    }
    signature.parameters.push_back(type_named(name));
    parameters =
        comma == std::string_view::npos ? std::string_view() : parameters.substr(comma + 1);
  }
  return signature;
}

std::vector<const Primitive*> all_primitives() {
  std::vector<const Primitive*> all;
  for (const auto table :
       {logic_primitives(), text_primitives(), letter_primitives(), word_primitives(),
        domain_primitives(), history_primitives(), intelligence_primitives()}) {
    for (const auto& primitive : table) all.push_back(&primitive);
  }
  return all;
}

std::string_view keep_text(const Context& context, std::string_view text) {
  if (text.empty()) return "";
  auto* place = static_cast<char*>(context.arena.allocate(text.size(), 1));
  std::memcpy(place, text.data(), text.size());
  return {place, text.size()};
}

}  // namespace winnow::features
