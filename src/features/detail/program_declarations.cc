// What a feature set declares before its features: attributes, definitions, histories.
#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "features/detail/members.h"
#include "features/detail/program_builder.h"

namespace winnow::features {
namespace {

constexpr std::size_t kMaxLists = 32;
constexpr std::size_t kMaxHistories = 32;

bool is_name(std::string_view text) {
  return !text.empty() && text.size() <= 60 && text[0] >= 'a' && text[0] <= 'z' &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
         });
}

// What stands below `unmapped` is called as its source calls it: in capitals too.
bool is_path(std::string_view text) {
  return !text.empty() && text.size() <= 200 && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '.';
  });
}

// Words that expressions give a meaning of their own.
bool is_reserved(std::string_view name) {
  return name == "and" || name == "or" || name == "not" || name == "where" || name == "true" ||
         name == "false" || name == "value";
}

}  // namespace

Status ProgramBuilder::declare(Names& names, const std::string& name, Name what, const Yaml& node) {
  if (is_reserved(name))
    return located(node,
                   Error(Code::InvalidArgument, fmt::format("'{}' is a reserved word", name)));
  if (!names.emplace(name, what).second) {
    return located(node, Error(Code::InvalidArgument, fmt::format("'{}' is declared twice", name)));
  }
  return {};
}

// "text unmapped.mail.from"
Result<Column> ProgramBuilder::read_column(const Yaml& node) {
  WINNOW_TRY(const std::string text, node.as_text());
  const auto blank = text.find(' ');
  const auto type = text.substr(0, blank);
  const auto path = blank == std::string::npos ? std::string() : text.substr(blank + 1);
  for (const auto known : {Type::Number, Type::Bool, Type::Text, Type::Texts}) {
    if (type != name_of(known)) continue;
    if (!is_path(path)) return node.error(fmt::format("'{}' is no attribute path", path));
    return Column{ocsf::Attribute::of(path), known};
  }
  const auto near = nearest(type, {"number", "yes/no", "text", "texts"});
  return node.error(
      fmt::format("'{}': an attribute is written as its type and its path, 'text email.subject'{}",
                  text, near.empty() ? "" : fmt::format("; did you mean the type '{}'?", near)));
}

Status ProgramBuilder::declare_list(const std::string& name, const Yaml& node) {
  WINNOW_TRY(node.only({"list", "fields", "define"}));
  WINNOW_TRY(need(node, {"list"}));
  WINNOW_TRY(const std::string path, node["list"].as_text());
  if (!is_path(path)) return node["list"].error(fmt::format("'{}' is no attribute path", path));
  if (program_.lists.size() >= kMaxLists)
    return node.error(fmt::format("at most {} lists", kMaxLists));
  const ListId list = program_.lists.size();
  program_.lists.push_back({ocsf::Attribute::of(path), {}});
  list_names_.emplace_back();
  WINNOW_TRY(declare(names_, name, {Name::Kind::List, list, 0, {}, nullptr, {}, false}, node));
  for (const auto& [field, column] : node["fields"].members()) {
    if (!is_name(field)) return column.error(fmt::format("'{}' is no name (a-z, 0-9, _)", field));
    WINNOW_TRY(Column read, read_column(column));
    auto& columns = program_.lists[list].columns;
    const bool twice = std::any_of(columns.begin(), columns.end(), [&](const Column& known) {
      return known.attribute == read.attribute;
    });
    if (twice) return column.error("this attribute is declared twice");
    columns.push_back(read);
    WINNOW_TRY(declare(
        list_names_[list], field,
        {Name::Kind::RecordAttribute, columns.size() - 1, 0, list, nullptr, {}, false}, column));
  }
  for (const auto& [defined, expression] : node["define"].members()) {
    if (!is_name(defined))
      return expression.error(fmt::format("'{}' is no name (a-z, 0-9, _)", defined));
    WINNOW_TRY(declare(list_names_[list], defined,
                       {Name::Kind::Definition, 0, 0, list, &expression, {}, false}, expression));
  }
  return {};
}

Status ProgramBuilder::declare_attributes(const Yaml& attributes) {
  for (const auto& [name, node] : attributes.members()) {
    if (!is_name(name)) return node.error(fmt::format("'{}' is no name (a-z, 0-9, _)", name));
    if (node.is_map()) {
      WINNOW_TRY(declare_list(name, node));
      continue;
    }
    WINNOW_TRY(Column column, read_column(node));
    const bool twice =
        std::any_of(program_.columns.begin(), program_.columns.end(),
                    [&](const Column& known) { return known.attribute == column.attribute; });
    if (twice) return node.error("this attribute is declared twice");
    program_.columns.push_back(column);
    WINNOW_TRY(declare(
        names_, name,
        {Name::Kind::EventAttribute, program_.columns.size() - 1, 0, {}, nullptr, {}, false},
        node));
  }
  return {};
}

Status ProgramBuilder::declare_definitions(const Yaml& definitions) {
  for (const auto& [name, node] : definitions.members()) {
    if (!is_name(name)) return node.error(fmt::format("'{}' is no name (a-z, 0-9, _)", name));
    WINNOW_TRY(declare(names_, name, {Name::Kind::Definition, 0, 0, {}, &node, {}, false}, node));
  }
  return {};
}

Status ProgramBuilder::bind_definitions() {
  for (auto& [name, what] : names_) {
    if (what.kind == Name::Kind::Definition) {
      WINNOW_TRY(bind_found(what, {}));
    }
  }
  for (ListId list = 0; list < list_names_.size(); ++list) {
    for (auto& [name, what] : list_names_[list]) {
      if (what.kind == Name::Kind::Definition) {
        WINNOW_TRY(bind_found(what, list));
      }
    }
  }
  return {};
}

// What is folded into a state may not depend on states, or the order of folding would matter; nor
// on threat intelligence, since bundles that know different things of the world share states.
Status ProgramBuilder::only_of_event(NodeId root, const Yaml& where) {
  const auto refused = [&](std::string_view other) {
    return located(
        where, Error(Code::InvalidArgument, fmt::format("a history cannot be made of {}", other)));
  };
  for (const auto id : program_.plan({root})) {
    const auto& node = program_.nodes[id];
    if (node.op == Node::Op::Remembered) return refused("another history");
    const auto intelligence = intelligence_primitives();
    if (std::ranges::any_of(intelligence,
                            [&](const Primitive& one) { return &one == node.primitive; }))
      return refused("what threat intelligence says");
  }
  return {};
}

namespace {

// "90s", "7d": whole seconds. Errors: InvalidArgument.
Result<std::uint32_t> read_seconds(const Yaml& node) {
  WINNOW_TRY(const std::string text, node.as_text());
  const auto duration = parse_expression(text);
  const bool whole = duration && duration->kind == Expression::Kind::Number &&
                     duration->number >= 1 && duration->number <= 400 * 86'400.0 &&
                     duration->number == std::floor(duration->number);
  if (!whole)
    return node.error(
        fmt::format("'{}': expected a time from 1s to 400d, such as 60s, 5m, 12h, 1d", text));
  return static_cast<std::uint32_t>(duration->number);
}

// How far back `window: 1h` looks, in seconds.
Result<std::uint32_t> read_window(const Yaml& node) {
  WINNOW_TRY(const std::uint32_t seconds, read_seconds(node));
  if (seconds < WindowParts::kShortest_s || seconds > WindowParts::kLongest_s ||
      seconds % WindowParts::kShortest_s != 0) {
    return node.error("a window is 1m to 30d, in whole minutes");
  }
  return seconds;
}

}  // namespace

// {count: ..., bucket: 1d, buckets: 90} or {verdict: phishing, bucket: 7d, buckets: 52}
Status ProgramBuilder::read_bucket_keep(const Yaml& node, History::Keep& keep) {
  WINNOW_TRY(need(node, {"bucket", "buckets"}));
  WINNOW_TRY(const std::uint32_t width, read_seconds(node["bucket"]));
  WINNOW_TRY(const std::int64_t buckets, node["buckets"].as_int());
  if (buckets < 1 || buckets > BucketCounts::kMaxCapacity) {
    return node["buckets"].error(fmt::format("1 to {} buckets", BucketCounts::kMaxCapacity));
  }
  keep.empty = BucketCounts(width, static_cast<std::uint32_t>(buckets));
  return {};
}

// {count: ..., window: 1h}, or by buckets
Status ProgramBuilder::read_counted(const Yaml& node, History::Keep& keep) {
  if (node.has("window")) {
    WINNOW_TRY(node.only({"count", "when", "window"}));
    WINNOW_TRY(const std::uint32_t window, read_window(node["window"]));
    keep.empty = WindowCounts(window);
  } else {
    WINNOW_TRY(node.only({"count", "when", "bucket", "buckets"}));
    WINNOW_TRY(read_bucket_keep(node, keep));
  }
  WINNOW_TRY(const NodeId value, bind_as(node["count"], Type::Number));
  WINNOW_TRY(only_of_event(value, node["count"]));
  keep.value = value;
  return {};
}

// What the values of a text are: {distinct: ..., window: 1h}, {distinct: ...}, {frequency: ...}
Status ProgramBuilder::read_texts(const Yaml& node, std::string_view kind, History::Keep& keep) {
  const auto& of = node[kind];
  WINNOW_TRY(const Bound bound, bind(of));
  if (bound.type != Type::Text && bound.type != Type::Texts) {
    return of.error(fmt::format("'{}' takes text or texts, found {}", kind, name_of(bound.type)));
  }
  WINNOW_TRY(only_of_event(bound.node, of));
  keep.value = bound.node;
  if (kind == "frequency") {
    WINNOW_TRY(node.only({"frequency", "when"}));
    keep.empty = Frequencies();
    return {};
  }
  WINNOW_TRY(node.only({"distinct", "when", "window"}));
  keep.empty = DistinctCount();
  if (node.has("window")) {
    WINNOW_TRY(const std::uint32_t window, read_window(node["window"]));
    keep.empty = WindowDistinct(window);
  }
  return {};
}

Result<History::Keep> ProgramBuilder::read_keep(const std::string& name, const Yaml& node) {
  static constexpr std::array<const char*, 6> kKinds = {"seen",     "count",     "verdict",
                                                        "distinct", "frequency", "arrivals"};
  WINNOW_TRY(node.only({"seen", "count", "verdict", "distinct", "frequency", "arrivals", "when",
                        "bucket", "buckets", "window"}));
  if (std::count_if(kKinds.begin(), kKinds.end(), [&](auto kind) { return node.has(kind); }) != 1) {
    return node.error(
        "an accumulator has one of 'seen', 'count', 'verdict', 'distinct', 'frequency', "
        "'arrivals'");
  }
  History::Keep keep{name, SeenSpan(), {}, {}, {}};
  if (node.has("count")) {
    WINNOW_TRY(read_counted(node, keep));
  } else if (node.has("verdict")) {
    WINNOW_TRY(node.only({"verdict", "when", "bucket", "buckets"}));
    WINNOW_TRY(read_bucket_keep(node, keep));
    WINNOW_TRY(keep.verdict, node["verdict"].as_text());
    if (!is_name(keep.verdict))
      return node["verdict"].error(fmt::format("'{}' is no verdict", keep.verdict));
  } else if (node.has("distinct") || node.has("frequency")) {
    WINNOW_TRY(read_texts(node, node.has("distinct") ? "distinct" : "frequency", keep));
  } else {
    const char* const kind = node.has("seen") ? "seen" : "arrivals";
    WINNOW_TRY(const bool is_kept, node[kind].as_bool());
    if (!is_kept) return node[kind].error(fmt::format("'{}' is true or left out", kind));
    WINNOW_TRY(node.only({kind, "when"}));
    if (kind == std::string_view("arrivals")) keep.empty = Arrivals();
  }
  if (node.has("when")) {
    WINNOW_TRY(const NodeId when, bind_as(node["when"], Type::Bool));
    WINNOW_TRY(only_of_event(when, node["when"]));
    keep.when = when;
  }
  return keep;
}

Status ProgramBuilder::declare_histories(const Yaml& histories) {
  std::map<std::string, const Yaml*>
      sorted;  // the order of a state's accumulators is that of their names
  for (const auto& [name, node] : histories.members()) sorted.emplace(name, &node);
  if (sorted.size() > kMaxHistories)
    return histories.error(fmt::format("at most {} histories", kMaxHistories));
  for (const auto& [name, node] : sorted) {
    if (!is_name(name)) return node->error(fmt::format("'{}' is no name (a-z, 0-9, _)", name));
    WINNOW_TRY(node->only({"key", "keep"}));
    WINNOW_TRY(need(*node, {"key", "keep"}));
    History history{name, {}, {}, {}};
    const auto& parts = (*node)["key"].items();
    if (parts.empty() || parts.size() > History::kMaxKeyParts) {
      return (*node)["key"].error(
          fmt::format("a key is a list of 1 to {} expressions", History::kMaxKeyParts));
    }
    int lists = 0;
    for (const auto& part : parts) {
      WINNOW_TRY(const Bound bound, bind(part));
      if (bound.type != Type::Text && bound.type != Type::Texts) {
        return part.error(
            fmt::format("a key is made of text or texts, found {}", name_of(bound.type)));
      }
      if (bound.type == Type::Texts && ++lists > 1)
        return part.error("a key has one list of texts at most");
      WINNOW_TRY(only_of_event(bound.node, part));
      history.key.push_back(bound.node);
    }
    std::map<std::string, const Yaml*> keeps;
    for (const auto& [keep, definition] : (*node)["keep"].members())
      keeps.emplace(keep, &definition);
    if (keeps.empty() || keeps.size() > EntityState::kMaxAccumulators) {
      return (*node)["keep"].error(
          fmt::format("a history keeps 1 to {} accumulators", EntityState::kMaxAccumulators));
    }
    for (const auto& [keep, definition] : keeps) {
      if (!is_name(keep))
        return definition->error(fmt::format("'{}' is no name (a-z, 0-9, _)", keep));
      WINNOW_TRY(History::Keep read, read_keep(keep, *definition));
      history.keeps.push_back(std::move(read));
    }
    std::vector<Accumulator> empty;
    for (const auto& keep : history.keeps) empty.push_back(keep.empty);
    history.empty = EntityState(std::move(empty));
    program_.histories.push_back(std::move(history));
    for (std::size_t i = 0; i < keeps.size(); ++i) {
      const auto& keep = program_.histories.back().keeps[i].name;
      WINNOW_TRY(declare(
          names_, name + "." + keep,
          {Name::Kind::Accumulator, program_.histories.size() - 1, i, {}, nullptr, {}, false},
          *node));
    }
  }
  return {};
}

}  // namespace winnow::features
