#include "features/detail/phrases.h"

#include <algorithm>

#include "features/detail/words.h"

namespace winnow::features {
namespace {

constexpr std::size_t kInlineChildren = 2;

std::uint32_t* find_child(std::vector<std::pair<unsigned char, std::uint32_t>>& next,
                          unsigned char byte) {
  const auto found =
      std::find_if(next.begin(), next.end(), [&](const auto& edge) { return edge.first == byte; });
  return found == next.end() ? nullptr : &found->second;
}

}  // namespace

Phrases::Builder::Builder() : drafts_(1) {}

void Phrases::Builder::add(std::string_view pattern, Id id) {
  std::string expanded;
  for (const char c : pattern) {
    if (c == '#') {
      expanded += word_of(TokenKind::Number);
    } else {
      expanded.push_back(c == '-' ? ' ' : c);
    }
  }
  const auto word_end = std::find_if_not(expanded.begin(), expanded.end(), is_word_byte);
  if (word_end - expanded.begin() < kBeginningBytes && word_end != expanded.end() &&
      *word_end == '*') {
    beginnings_.set();  // words of many beginnings: all are walked
  } else {
    beginnings_.set(beginning_of(expanded.c_str()));
  }
  std::uint32_t at = 0;
  const auto fresh = [&] {
    drafts_.emplace_back();
    return static_cast<std::uint32_t>(drafts_.size() - 1);
  };
  for (std::size_t i = 0; i < expanded.size(); ++i) {
    const auto byte = static_cast<unsigned char>(expanded[i]);
    if (byte == '*') {
      if (i + 1 == expanded.size()) {
        drafts_[at].prefixes.push_back(id);
        return;
      }
      if (drafts_[at].skip == kNone) {
        const auto next = fresh();
        drafts_[at].skip = next;
      }
      at = drafts_[at].skip;
    } else if (const auto* next = find_child(drafts_[at].next, byte)) {
      at = *next;
    } else {
      const auto made = fresh();
      drafts_[at].next.emplace_back(byte, made);
      at = made;
    }
  }
  drafts_[at].ends.push_back(id);
}

Phrases Phrases::Builder::build() && {
  Phrases phrases;
  phrases.beginnings_ = beginnings_;
  for (const auto& draft : drafts_) {
    for (const auto& [byte, child] : draft.next) {
      if (phrases.class_of_[byte] == 0)
        phrases.class_of_[byte] = static_cast<std::uint8_t>(phrases.classes_++);
    }
  }
  for (const auto& draft : drafts_) {
    Node node;
    node.skip = draft.skip;
    node.ends_begin = static_cast<std::uint32_t>(phrases.ids_.size());
    phrases.ids_.insert(phrases.ids_.end(), draft.ends.begin(), draft.ends.end());
    node.prefixes_begin = static_cast<std::uint32_t>(phrases.ids_.size());
    phrases.ids_.insert(phrases.ids_.end(), draft.prefixes.begin(), draft.prefixes.end());
    node.ids_end = static_cast<std::uint32_t>(phrases.ids_.size());
    if (draft.next.size() <= kInlineChildren) {
      for (std::size_t i = 0; i < draft.next.size(); ++i) {
        node.bytes[i] = draft.next[i].first;
        node.children[i] = draft.next[i].second;
      }
    } else {
      node.row = static_cast<std::int32_t>(phrases.rows_.size() / phrases.classes_);
      phrases.rows_.resize(phrases.rows_.size() + phrases.classes_, kNone);
      auto* row = phrases.rows_.data() + static_cast<std::size_t>(node.row) * phrases.classes_;
      for (const auto& [byte, child] : draft.next) row[phrases.class_of_[byte]] = child;
    }
    phrases.nodes_.push_back(node);
  }
  return phrases;
}

bool Phrases::has_word(std::string_view word) const {
  std::uint32_t position = 0;
  for (const char c : word) {
    if (nodes_[position].prefixes_begin != nodes_[position].ids_end) return true;
    position = child(nodes_[position], c);
    if (position == kNone) return false;
  }
  return nodes_[position].ends_begin != nodes_[position].ids_end;
}

}  // namespace winnow::features
