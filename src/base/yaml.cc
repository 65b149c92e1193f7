#include "base/yaml.h"

#include <algorithm>
#include <charconv>
#include <numeric>

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include "base/file.h"

namespace winnow {
namespace {

constexpr std::size_t kMaxBytes = 4UL << 20;
constexpr int kMaxDepth = 32;
constexpr std::size_t kMaxNodes = 200'000;

const Yaml kAbsent;

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), 0UL);
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = row[0]++;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const auto substituted = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({row[j] + 1, row[j + 1] + 1, substituted});
    }
  }
  return row.back();
}

template <typename Candidates>
std::string nearest_of(std::string_view word, const Candidates& candidates) {
  std::string best;
  std::size_t best_distance = word.size() / 2 + 1;
  for (const std::string_view candidate : candidates) {
    const auto distance = edit_distance(word, candidate);
    if (distance < best_distance) {
      best_distance = distance;
      best = candidate;
    }
  }
  return best;
}

}  // namespace

// Turns yaml-cpp's tree into ours; the only place that sees it.
class YamlReader {
 public:
  explicit YamlReader(std::string source) : source_(std::move(source)) {}

  Result<Yaml> read(const YAML::Node& node, int depth) {
    Yaml out;
    out.source_ = source_;
    out.line_ = node.Mark().line + 1;
    if (depth > kMaxDepth || ++nodes_ > kMaxNodes) {
      return Error(Code::Exhausted,
                   fmt::format("{}:{}: YAML too deep or too large", source_, out.line_));
    }
    if (node.IsScalar()) {
      out.kind_ = Yaml::Kind::Scalar;
      out.scalar_ = node.Scalar();
      out.quoted_ = node.Tag() == "!";
      return out;
    }
    if (node.IsSequence()) {
      out.kind_ = Yaml::Kind::Sequence;
      for (const auto& child : node) {
        WINNOW_TRY(Yaml item, read(child, depth + 1));
        out.items_.push_back(std::move(item));
      }
      return out;
    }
    if (node.IsMap()) {
      out.kind_ = Yaml::Kind::Map;
      for (const auto& member_node : node) {
        const auto &key = member_node.first, &value = member_node.second;
        if (!key.IsScalar()) return out.error("a key must be plain text");
        if (key.Scalar() == "<<") return out.error("merge keys ('<<') are not supported");
        if (out.has(key.Scalar())) {
          return Error(Code::InvalidArgument, fmt::format("{}:{}: key '{}' occurs twice", source_,
                                                          key.Mark().line + 1, key.Scalar()));
        }
        WINNOW_TRY(Yaml member, read(value, depth + 1));
        member.line_ = std::max(member.line_, key.Mark().line + 1);
        out.members_.emplace_back(key.Scalar(), std::move(member));
      }
    }
    return out;
  }

 private:
  std::string source_;
  std::size_t nodes_ = 0;
};

Result<Yaml> Yaml::parse(std::string_view text, std::string source) {
  if (text.size() > kMaxBytes) {
    return Error(Code::Exhausted, fmt::format("{}: YAML of {} bytes, allowed are {}", source,
                                              text.size(), kMaxBytes));
  }

  try {
    return YamlReader(source).read(YAML::Load(std::string(text)), 0);
  } catch (const YAML::Exception& error) {
    return Error(Code::InvalidArgument,
                 fmt::format("{}:{}: {}", source, error.mark.line + 1, error.msg));
  }
}

Result<Yaml> Yaml::read(const std::string& path) {
  WINNOW_TRY(const std::string text, read_file(path, kMaxBytes));
  return parse(text, path);
}

const Yaml& Yaml::operator[](std::string_view key) const {
  for (const auto& [name, value] : members_) {
    if (name == key) return value;
  }
  return kAbsent;
}

bool Yaml::has(std::string_view key) const {
  return std::any_of(members_.begin(), members_.end(),
                     [&](const auto& member) { return member.first == key; });
}

Error Yaml::error(std::string message) const {
  return Error(Code::InvalidArgument, fmt::format("{}:{}: {}", source_, line_, message));
}

Result<std::string> Yaml::as_text() const {
  if (!is_scalar()) return error("plain text expected");
  return scalar_;
}

Result<std::int64_t> Yaml::as_int() const {
  std::int64_t value = 0;
  const auto* end = scalar_.data() + scalar_.size();
  const auto [at, failed] = std::from_chars(scalar_.data(), end, value);
  if (!is_scalar() || failed != std::errc() || at != end)
    return error(fmt::format("a whole number expected, found '{}'", scalar_));
  return value;
}

Result<double> Yaml::as_number() const {
  double value = 0;
  const auto* end = scalar_.data() + scalar_.size();
  const auto [at, failed] = std::from_chars(scalar_.data(), end, value);
  if (!is_scalar() || failed != std::errc() || at != end)
    return error(fmt::format("a number expected, found '{}'", scalar_));
  return value;
}

Result<bool> Yaml::as_bool() const {
  if (is_scalar() && scalar_ == "true") return true;
  if (is_scalar() && scalar_ == "false") return false;
  return error(fmt::format("true or false expected, found '{}'", scalar_));
}

Result<std::vector<std::string>> Yaml::as_texts() const {
  if (!is_sequence()) return error("a list expected");
  std::vector<std::string> texts;
  for (const auto& item : items_) {
    WINNOW_TRY(texts.emplace_back(), item.as_text());
  }
  return texts;
}

Status Yaml::only(std::initializer_list<std::string_view> allowed) const {
  for (const auto& [name, value] : members_) {
    if (std::find(allowed.begin(), allowed.end(), name) != allowed.end()) continue;
    auto unknown = value.error(fmt::format("unknown key '{}'", name));
    const auto near = nearest(name, allowed);
    if (near.empty()) return unknown;
    return std::move(unknown).with_hint(fmt::format("did you mean '{}'?", near));
  }
  return {};
}

Json Yaml::json() const {
  switch (kind_) {
    case Kind::Null:
      return {};
    case Kind::Scalar: {
      if (quoted_) return Json(scalar_);
      if (scalar_ == "true" || scalar_ == "false") return Json(scalar_ == "true");
      if (scalar_ == "null" || scalar_ == "~") return {};
      if (auto whole = as_int()) return Json(*whole);
      if (auto number = as_number()) return Json(*number);
      return Json(scalar_);
    }
    case Kind::Sequence: {
      Json out = Json::array();
      for (const auto& item : items_) out.push(item.json());
      return out;
    }
    case Kind::Map: {
      Json out = Json::object();
      for (const auto& [name, value] : members_) out.set(name, value.json());
      return out;
    }
  }
  return {};
}

std::string nearest(std::string_view word, std::initializer_list<std::string_view> candidates) {
  return nearest_of(word, candidates);
}
std::string nearest(std::string_view word, const std::vector<std::string>& candidates) {
  return nearest_of(word, candidates);
}

}  // namespace winnow
