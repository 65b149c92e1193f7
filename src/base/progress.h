// How long work tells how far it is. The command line draws a bar; everybody else ignores it.
#pragma once

#include <cstdint>
#include <string_view>

namespace winnow {

class Progress {
 public:
  virtual ~Progress() = default;
  // A stage begins; `total` units of work, 0 where nobody knows. The former stage has ended.
  virtual void stage(std::string_view name, std::uint64_t total) = 0;
  virtual void advance(std::uint64_t units) = 0;  // cheap enough to call for every record
};

class NoProgress final : public Progress {
 public:
  void stage(std::string_view, std::uint64_t) override {}
  void advance(std::uint64_t) override {}
};

}  // namespace winnow
