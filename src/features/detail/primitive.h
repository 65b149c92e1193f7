// The functions of the expression language: plain tables, one a file, which the documentation is
// checked against.
#pragma once

#include <memory_resource>
#include <span>
#include <string_view>
#include <vector>

#include "base/timestamp.h"
#include "features/detail/type.h"
#include "features/detail/vocabulary.h"
#include "features/intelligence.h"

namespace winnow::features {

// What a function may look at besides its arguments.
struct Context {
  const Vocabulary& vocabulary;
  const Intelligence& intelligence;
  Timestamp now;                     // of the event
  std::pmr::memory_resource& arena;  // lives as long as the evaluation
};

struct Primitive {
  using Kernel = Cell (*)(const Context&, std::span<const Cell> arguments);
  std::string_view name;
  std::string_view signature;  // "text, text -> yes/no"; "text..." for one or more at the end
  std::string_view meaning;
  Kernel kernel;
  bool is_costly =
      false;  // pure in its first argument's text and worth remembering within an event
};

// Folds a list into one value. `values` are those of the records that a `where` keeps; of a list
// with no value they are empty cells.
struct Aggregate {
  using Kernel = Cell (*)(std::span<const Cell> values);
  std::string_view name;
  std::string_view signature;  // "list: number -> number"; "list -> number" takes no value
  std::string_view meaning;
  Kernel kernel;
};

std::span<const Primitive> logic_primitives();
std::span<const Primitive> text_primitives();
std::span<const Primitive> letter_primitives();
std::span<const Primitive> word_primitives();
std::span<const Primitive> domain_primitives();
std::span<const Primitive> history_primitives();
std::span<const Primitive> intelligence_primitives();

std::vector<const Primitive*> all_primitives();  // of all tables, in the order above
std::span<const Aggregate> aggregates();

struct Signature {
  std::vector<Type> parameters;
  bool repeats_last = false;
  Type result = Type::Number;
};
Signature read_signature(std::string_view text);  // ours, so that a wrong one is a bug

// Makes an object that lives as long as the evaluation.
template <typename T>
const T* keep(const Context& context, T value) {
  static_assert(std::is_trivially_destructible_v<T>, "nobody runs its destructor");
  void* place = context.arena.allocate(sizeof(T), alignof(T));
  return new (place) T(std::move(value));  // NOLINT: placed in the arena
}
std::string_view keep_text(const Context& context, std::string_view text);

}  // namespace winnow::features
