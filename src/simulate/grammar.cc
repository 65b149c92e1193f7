#include "simulate/detail/grammar.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/contract.h"
#include "base/utf8.h"

namespace winnow::simulate {
namespace {

constexpr int kMaxDepth = 20;

std::string_view take_until(std::string_view& text, char end) {
  const auto at = std::min(text.find(end), text.size());
  const auto taken = text.substr(0, at);
  text.remove_prefix(std::min(at + 1, text.size()));
  return taken;
}

bool is_word(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; }

}  // namespace

Grammar::Grammar(std::string_view rules) {
  std::vector<std::string>* current = nullptr;
  while (!rules.empty()) {
    const auto line = take_until(rules, '\n');
    if (trim_ascii(line).empty()) continue;
    auto alternatives = line;
    if (line.front() != ' ') {
      const auto symbol = take_until(alternatives, ':');
      current = &rules_[std::string(trim_ascii(symbol))];
    }
    ensure(current != nullptr, "the first line of a grammar names a symbol");
    // A continued line goes on with the last alternative, unless it begins with a bar.
    bool joins = line.front() == ' ' && !trim_ascii(line).starts_with('|');
    if (trim_ascii(alternatives).starts_with('|')) take_until(alternatives, '|');
    do {
      const std::string text(trim_ascii(take_until(alternatives, '|')));
      if (joins && !current->empty()) {
        current->back() += (current->back().empty() ? "" : " ") + text;
      } else {
        current->push_back(text);
      }
      joins = false;
    } while (!alternatives.empty());
  }
}

std::string Grammar::expand(std::string_view symbol, const Slots& slots, Rng& rng) const {
  std::string out;
  expand_into(out, symbol, slots, rng, 0);
  while (out.ends_with(' ') || out.ends_with('\n')) out.pop_back();
  // Sentences are written to follow a greeting's comma; behind another sentence they begin anew.
  for (std::size_t i = 2; i < out.size(); ++i) {
    const bool begins = out[i - 1] == ' ' && (out[i - 2] == '.' || out[i - 2] == '?');
    if (begins && out[i] >= 'a' && out[i] <= 'z') out[i] = static_cast<char>(out[i] - 'a' + 'A');
  }
  return out;
}

void Grammar::expand_into(std::string& out, std::string_view symbol, const Slots& slots, Rng& rng,
                          int depth) const {
  const auto rule = rules_.find(symbol);
  ensure(rule != rules_.end() && depth < kMaxDepth,
         fmt::format("the grammar has a rule for '{}', and it ends", symbol));
  std::string_view rest = rng.pick(rule->second);
  while (!rest.empty()) {
    const char c = rest.front();
    rest.remove_prefix(1);
    if (c == '{') {
      expand_into(out, take_until(rest, '}'), slots, rng, depth + 1);
    } else if (c == '$') {
      const auto end = std::ranges::find_if_not(rest, is_word) - rest.begin();
      const auto slot = slots.find(rest.substr(0, static_cast<std::size_t>(end)));
      ensure(slot != slots.end(),
             fmt::format("the slot '{}' of '{}' has a value", rest.substr(0, 20), symbol));
      out += slot->second;
      rest.remove_prefix(static_cast<std::size_t>(end));
    } else if (c == '/') {
      while (out.ends_with(' ')) out.pop_back();
      // An empty paragraph leaves no gap behind.
      if (!out.ends_with("\n\n")) out.push_back('\n');
      while (rest.starts_with(' ')) rest.remove_prefix(1);
    } else {
      // An empty expansion leaves no double blank behind.
      if (c != ' ' || !(out.empty() || out.ends_with(' ') || out.ends_with('\n'))) out.push_back(c);
    }
  }
}

}  // namespace winnow::simulate
