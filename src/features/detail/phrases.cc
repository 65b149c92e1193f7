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
  std::vector<const Draft*> placed;  // by node
  // Gives a node to where the only way from `draft` on leads.
  const auto place = [&](std::uint32_t draft) {
    Node node;
    node.tail = static_cast<std::uint32_t>(phrases.tails_.size());
    for (; drafts_[draft].leads_one_way(); draft = drafts_[draft].next.front().second)
      phrases.tails_.push_back(static_cast<char>(drafts_[draft].next.front().first));
    node.tail_size = static_cast<std::uint32_t>(phrases.tails_.size()) - node.tail;
    placed.push_back(&drafts_[draft]);
    phrases.nodes_.push_back(node);
    return static_cast<std::uint32_t>(phrases.nodes_.size() - 1);
  };
  place(0);
  for (std::size_t at = 0; at < placed.size(); ++at) {  // which grows
    const auto& draft = *placed[at];
    Node node = phrases.nodes_[at];
    if (draft.skip != kNone) node.skip = place(draft.skip);
    node.ends_begin = static_cast<std::uint32_t>(phrases.ids_.size());
    phrases.ids_.insert(phrases.ids_.end(), draft.ends.begin(), draft.ends.end());
    node.prefixes_begin = static_cast<std::uint32_t>(phrases.ids_.size());
    phrases.ids_.insert(phrases.ids_.end(), draft.prefixes.begin(), draft.prefixes.end());
    node.ids_end = static_cast<std::uint32_t>(phrases.ids_.size());
    if (draft.next.size() <= kInlineChildren) {
      for (std::size_t i = 0; i < draft.next.size(); ++i) {
        node.bytes[i] = draft.next[i].first;
        node.children[i] = place(draft.next[i].second);
      }
    } else {
      const auto row = phrases.rows_.size();
      node.row = static_cast<std::int32_t>(row / phrases.classes_);
      phrases.rows_.resize(row + phrases.classes_, kNone);
      for (const auto& [byte, child] : draft.next)
        phrases.rows_[row + phrases.class_of_[byte]] = place(child);
    }
    phrases.nodes_[at] = node;
  }
  return phrases;
}

bool Phrases::has_word(std::string_view word) const {
  const std::string ended(word);  // a walk reads the NUL behind it
  const char* const end = ended.c_str() + ended.size();
  const char* at = ended.c_str();
  for (std::uint32_t position = 0;;) {
    const auto& node = nodes_[position];
    if (!has_tail(node, at)) return false;
    at += node.tail_size;
    if (node.prefixes_begin != node.ids_end) return true;
    if (at == end) return node.ends_begin != node.ids_end;
    position = child(node, *at++);
    if (position == kNone) return false;
  }
}

}  // namespace winnow::features
