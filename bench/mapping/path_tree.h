// What a mapping wants of a record, for peers that have a whole document in memory: they walk it
// once and look each key up here, which is faster than asking the document for each path.
#pragma once

#include <array>
#include <charconv>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_scan.h"

namespace winnow::bench {

class PathTree {
 public:
  static constexpr std::int32_t kNone = -1;

  struct Key {
    std::string name;
    std::int32_t node = kNone;         // where the members of its object are looked up
    std::int32_t column = kNone;       // the value itself is wanted
    std::int32_t list = kNone;         // its items are the rows of this list
    std::int32_t item_node = kNone;    // where the members of items are looked up
    std::int32_t item_column = kNone;  // the items themselves are wanted
  };

  PathTree(std::span<const JsonSelection::Path> paths, const JsonSelection& selection);

  std::uint32_t width(std::uint32_t list) const { return widths_[list]; }
  const Key* find(std::int32_t node, std::string_view name) const {
    const auto& same_size =
        nodes_[static_cast<std::size_t>(node)][std::min<std::size_t>(name.size(), kSizes - 1)];
    for (const auto& key : same_size) {
      if (key.name == name) return &key;
    }
    return nullptr;
  }

 private:
  static constexpr std::size_t kSizes = 32;
  using Node = std::array<std::vector<Key>, kSizes>;  // keys by their size

  std::int32_t make_node();
  Key& key(std::int32_t node, const std::string& name);
  std::vector<std::uint32_t> widths_;  // by list
  std::vector<Node> nodes_;            // the first is the record
};

// The texts that a peer makes itself: numbers in digits. Views stay valid until cleared.
class MadeTexts {
 public:
  void clear() { size_ = 0; }
  template <typename Number>
  std::string_view of(Number number) {
    char* begin = bytes_.data() + size_;
    const auto [end, error] = std::to_chars(begin, bytes_.data() + bytes_.size(), number);
    size_ = static_cast<std::size_t>(end - bytes_.data());
    return {begin, static_cast<std::size_t>(end - begin)};
  }
  std::string_view copy_of(std::string_view text) {
    char* begin = bytes_.data() + size_;
    std::memcpy(begin, text.data(), text.size());
    size_ += text.size();
    return {begin, text.size()};
  }

 private:
  std::string bytes_ = std::string(1UL << 20, '\0');
  std::size_t size_ = 0;
};

// Fills cells from a document. `Document` has a type Value and, static, is_object, is_array,
// for_each_member(value, (name, value)), for_each_item(value, (value)) and
// put(value, texts, (kind, text)).
template <typename Document>
class TreeWalk {
 public:
  using Value = typename Document::Value;
  TreeWalk(const PathTree& tree, JsonCells& cells, MadeTexts& texts)
      : tree_(tree), cells_(cells), texts_(texts) {}

  void walk(const Value& object, std::int32_t node) {
    Document::for_each_member(object, [&](std::string_view name, const Value& value) {
      if (const auto* key = tree_.find(node, name)) take(*key, value);
    });
  }

 private:
  void take(const PathTree::Key& key, const Value& value) {
    if (key.list != PathTree::kNone && Document::is_array(value)) {
      begin_list(key);
      Document::for_each_item(value, [&](const Value& item) { take_item(key, item); });
      list_ = PathTree::kNone;
      return;
    }
    if (key.list != PathTree::kNone && key.column == PathTree::kNone &&
        key.node == PathTree::kNone) {
      begin_list(key);
      take_item(key, value);
      list_ = PathTree::kNone;
      return;
    }
    if (key.node != PathTree::kNone && Document::is_object(value)) walk(value, key.node);
    if (key.column != PathTree::kNone) put(key.column, value);
  }
  void begin_list(const PathTree::Key& key) {
    list_ = key.list;
    const auto list = static_cast<std::uint32_t>(list_);
    cells_.begin_list(list, tree_.width(list));
  }
  void take_item(const PathTree::Key& key, const Value& item) {
    if (!cells_.add_row(static_cast<std::uint32_t>(key.list))) return;
    if (key.item_node != PathTree::kNone && Document::is_object(item)) {
      walk(item, key.item_node);
    } else if (key.item_column != PathTree::kNone) {
      put(key.item_column, item);
    }
  }
  void put(std::int32_t column, const Value& value) {
    const auto to = static_cast<std::uint32_t>(column);
    Document::put(value, texts_, [&](JsonCell::Kind kind, std::string_view text) {
      if (list_ == PathTree::kNone) {
        cells_.put(to, kind, text);
      } else {
        cells_.put_in_row(static_cast<std::uint32_t>(list_), to, kind, text);
      }
    });
  }

  const PathTree& tree_;
  JsonCells& cells_;
  MadeTexts& texts_;
  std::int32_t list_ = PathTree::kNone;
};

}  // namespace winnow::bench
