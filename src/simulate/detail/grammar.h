// Text from rules: a small context-free grammar with slots, so that few written sentences make many
// mails.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/rng.h"

namespace winnow::simulate {

using Slots = std::map<std::string, std::string, std::less<>>;

// Rules, one a line: `symbol: alternative | alternative`, a line that begins with a blank continues
// the one before. In an alternative `{symbol}` is expanded, `$slot` replaced by its value, `/` ends
// a line and `//` a paragraph; `<text>` marks the text of a link. Texts are ours: a mistake in them
// is a ContractViolation.
class Grammar {
 public:
  explicit Grammar(std::string_view rules);

  bool has(std::string_view symbol) const { return rules_.find(symbol) != rules_.end(); }
  // The same generator state and slots give the same text.
  std::string expand(std::string_view symbol, const Slots& slots, Rng& rng) const;

 private:
  void expand_into(std::string& out, std::string_view symbol, const Slots& slots, Rng& rng,
                   int depth) const;
  std::map<std::string, std::vector<std::string>, std::less<>> rules_;
};

}  // namespace winnow::simulate
