// Strong identifiers: Id<struct RunTag> does not compile where an Id<struct BundleTag> is wanted.
#pragma once

#include <compare>
#include <functional>
#include <string>
#include <utility>

namespace winnow {

template <typename Tag>
class Id {
 public:
  Id() = default;
  explicit Id(std::string text) : text_(std::move(text)) {}

  const std::string& text() const { return text_; }
  bool empty() const { return text_.empty(); }
  auto operator<=>(const Id&) const = default;

 private:
  std::string text_;
};

}  // namespace winnow

template <typename Tag>
struct std::hash<winnow::Id<Tag>> {
  std::size_t operator()(const winnow::Id<Tag>& id) const {
    return std::hash<std::string>()(id.text());
  }
};
