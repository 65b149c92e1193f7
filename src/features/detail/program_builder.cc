#include "features/detail/program_builder.h"

#include <algorithm>

#include <fmt/format.h>

namespace winnow::features {
namespace {

constexpr std::size_t kMaxNodes = 20'000;
constexpr int kMaxDepth = 300;
constexpr std::size_t kMaxArguments = 64;

Error at(const Expression& expression, std::string message) {
  return Error(Code::InvalidArgument, fmt::format("column {}: {}", expression.column, message));
}

bool is_declared_name(Type type) {
  return type == Type::Lexicon || type == Type::DomainList || type == Type::Token;
}

bool accepts(Type parameter, Type argument) {
  return parameter == argument || (parameter == Type::Number && argument == Type::Bool);
}

Type parameter_at(const Signature& signature, std::size_t i) {
  return signature.parameters[std::min(i, signature.parameters.size() - 1)];
}

bool takes(const Signature& signature, std::size_t arguments) {
  return signature.repeats_last ? arguments >= signature.parameters.size()
                                : arguments == signature.parameters.size();
}

Type type_of(const Accumulator& accumulator) {
  static constexpr Type kTypes[] = {Type::Seen,        Type::Counts,         Type::Distinct,
                                    Type::Window,      Type::DistinctWindow, Type::FrequencyCounts,
                                    Type::ArrivalTimes};
  static_assert(std::size(kTypes) == std::variant_size_v<Accumulator>);
  return kTypes[accumulator.index()];
}

// How far back a window was declared to look; nothing for other accumulators.
std::optional<std::uint32_t> window_of(const Accumulator& accumulator) {
  if (const auto* counts = std::get_if<WindowCounts>(&accumulator)) return counts->window_s();
  if (const auto* distinct = std::get_if<WindowDistinct>(&accumulator)) return distinct->window_s();
  return {};
}

std::string call_text(const Expression& expression, const std::vector<Bound>& arguments) {
  std::string types;
  for (const auto& argument : arguments)
    types += fmt::format("{}{}", types.empty() ? "" : ", ", name_of(argument.type));
  return fmt::format("'{}' of ({})", expression.text, types);
}

}  // namespace

Error ProgramBuilder::located(const Yaml& node, Error error) {
  if (std::exchange(located_, true)) return error;
  auto with_line = node.error(error.message());
  return error.hint().empty() ? with_line : std::move(with_line).with_hint(error.hint());
}

Error ProgramBuilder::unknown(const Expression& expression, std::string_view what,
                              const std::vector<std::string>& valid) const {
  auto error = at(expression, fmt::format("unknown {} '{}'", what, expression.text));
  const auto near = nearest(expression.text, valid);
  if (!near.empty()) return std::move(error).with_hint(fmt::format("did you mean '{}'?", near));
  return error;
}

std::vector<std::string> ProgramBuilder::names_in_reach(std::optional<ListId> list) const {
  std::vector<std::string> names;
  for (const auto& [name, what] : names_) names.push_back(name);
  if (list) {
    for (const auto& [name, what] : list_names_[*list]) names.push_back(name);
  }
  return names;
}

Result<NodeId> ProgramBuilder::add(Node node) {
  auto key = fmt::format("{}|{}|{}|{}|{}|{}|{}", static_cast<int>(node.op), node.column,
                         fmt::ptr(node.primitive), fmt::ptr(node.aggregate), node.history,
                         node.accumulator,
                         node.op == Node::Op::Fold ? static_cast<int>(node.folded)
                         : node.list               ? static_cast<int>(*node.list)
                                                   : -1);
  key += fmt::format("|{}", node.mask ? static_cast<int>(*node.mask) : -1);
  if (node.op == Node::Op::Constant) {
    key += fmt::format("|{}|{}|{}", static_cast<int>(node.type), fmt::ptr(node.constant.data),
                       node.constant.size);
  }
  for (const auto argument : node.arguments) key += fmt::format("|{}", argument);
  if (const auto known = known_nodes_.find(key); known != known_nodes_.end()) return known->second;
  if (program_.nodes.size() >= kMaxNodes) {
    return Error(Code::InvalidArgument,
                 fmt::format("the feature set needs more than {} nodes", kMaxNodes));
  }
  program_.nodes.push_back(std::move(node));
  known_nodes_.emplace(std::move(key), program_.nodes.size() - 1);
  return program_.nodes.size() - 1;
}

Result<Bound> ProgramBuilder::bind(const Yaml& node) {
  auto text = node.as_text();
  if (!text) {
    located_ = true;
    return std::move(text).error();
  }
  auto expression = parse_expression(*text);
  if (!expression) return located(node, std::move(expression).error());
  auto bound = bind_expression(*expression, {});
  if (!bound) return located(node, std::move(bound).error());
  return bound;
}

Result<NodeId> ProgramBuilder::bind_as(const Yaml& node, Type type) {
  WINNOW_TRY(const Bound bound, bind(node));
  if (!accepts(type, bound.type)) {
    return located(node, Error(Code::InvalidArgument,
                               fmt::format("expected an expression of type {}, found {}",
                                           name_of(type), name_of(bound.type))));
  }
  return bound.node;
}

Result<Bound> ProgramBuilder::named(std::string_view name) {
  const Expression expression{Expression::Kind::Name, std::string(name), 0, {}, 1};
  return bind_name(expression, {});
}

Result<NodeId> ProgramBuilder::given(NodeId condition, NodeId value) {
  const auto type = program_.nodes[value].type == Type::Text ? Type::Text : Type::Number;
  const Expression expression{Expression::Kind::Call, "given", 0, {}, 1};
  std::vector<const Primitive*> candidates;
  for (const auto* primitive : all_primitives()) {
    if (primitive->name == "given") candidates.push_back(primitive);
  }
  WINNOW_TRY(const Bound bound,
             call(expression, candidates, {{Type::Bool, condition, 0, {}}, {type, value, 0, {}}}));
  return bound.node;
}

Result<Bound> ProgramBuilder::bind_expression(const Expression& expression,
                                              std::optional<ListId> list) {
  struct Depth {
    int& value;
    explicit Depth(int& depth) : value(++depth) {}
    ~Depth() { --value; }
  } depth(depth_);
  if (depth_ > kMaxDepth) return at(expression, fmt::format("nested deeper than {}", kMaxDepth));
  switch (expression.kind) {
    case Expression::Kind::Number: {
      WINNOW_TRY(const NodeId node, constant(Type::Number, Cell::of(expression.number)));
      return Bound{Type::Number, node, 0, {}};
    }
    case Expression::Kind::Text: {
      WINNOW_TRY(const NodeId node, text_constant(expression.text));
      return Bound{Type::Text, node, 0, {}};
    }
    case Expression::Kind::Name:
      return bind_name(expression, list);
    case Expression::Kind::Call:
      return bind_call(expression, list);
    case Expression::Kind::Aggregate:
      return bind_fold(expression);
    case Expression::Kind::Where:
      return bind_where(expression);
  }
  return at(expression, "an expression of an unknown kind");
}

Result<NodeId> ProgramBuilder::constant(Type type, Cell cell) {
  Node node;
  node.type = type;
  node.constant = cell;
  return add(std::move(node));
}

Result<NodeId> ProgramBuilder::text_constant(std::string_view text) {
  auto& texts = program_.texts;
  auto known = std::find(texts.begin(), texts.end(), text);
  if (known == texts.end()) known = texts.insert(texts.end(), std::string(text));
  return constant(Type::Text, Cell::of(std::string_view(*known)));
}

Result<Bound> ProgramBuilder::bind_name(const Expression& expression, std::optional<ListId> list) {
  if (expression.text == "true" || expression.text == "false") {
    WINNOW_TRY(const NodeId node, constant(Type::Bool, Cell::of(expression.text == "true")));
    return Bound{Type::Bool, node, 0, {}};
  }
  if (list) {
    auto& names = list_names_[*list];
    if (const auto found = names.find(expression.text); found != names.end())
      return bind_found(found->second, list);
  }
  const auto found = names_.find(expression.text);
  if (found == names_.end()) return unknown(expression, "name", names_in_reach(list));
  if (found->second.busy)
    return at(expression, fmt::format("'{}' is defined by itself", expression.text));
  return bind_found(found->second, {});
}

Result<Bound> ProgramBuilder::bind_found(Name& name, std::optional<ListId> list) {
  Node node;
  switch (name.kind) {
    case Name::Kind::List:
      return Bound{Type::List, 0, name.index, {}};
    case Name::Kind::EventAttribute:
      node.op = Node::Op::Attribute;
      node.column = name.index;
      node.type = program_.columns[name.index].type;
      break;
    case Name::Kind::RecordAttribute:
      node.op = Node::Op::Attribute;
      node.list = list;
      node.column = name.index;
      node.type = program_.lists[*list].columns[name.index].type;
      break;
    case Name::Kind::Accumulator: {
      node.op = Node::Op::Remembered;
      node.history = name.index;
      node.accumulator = name.accumulator;
      node.type = type_of(program_.histories[name.index].keeps[name.accumulator].empty);
      break;
    }
    case Name::Kind::Definition: {
      if (name.bound) return *name.bound;
      if (name.busy)
        return located(*name.definition, Error(Code::InvalidArgument, "this is defined by itself"));
      name.busy = true;
      WINNOW_TRY(const std::string text, name.definition->as_text());
      auto expression = parse_expression(text);
      if (!expression) return located(*name.definition, std::move(expression).error());
      auto bound = bind_expression(*expression, list);
      if (!bound) return located(*name.definition, std::move(bound).error());
      name.busy = false;
      name.bound = *bound;
      return bound;
    }
  }
  const auto type = node.type;
  WINNOW_TRY(const NodeId id, add(std::move(node)));
  return Bound{type, id, 0, {}};
}

Result<NodeId> ProgramBuilder::bind_declared(const Expression& argument, Type type) {
  std::vector<std::string> valid;
  if (type == Type::Lexicon) valid = program_.vocabulary.lexicons();
  if (type == Type::DomainList) valid = program_.vocabulary.lists();
  if (type == Type::Token) {
    for (std::size_t i = 0; i < kTokenKinds; ++i)
      valid.emplace_back(name_of(static_cast<TokenKind>(i)));
  }
  const auto found = std::find(valid.begin(), valid.end(), argument.text);
  if (argument.kind != Expression::Kind::Name || found == valid.end()) {
    return unknown(argument, type == Type::DomainList ? "list of domains" : name_of(type), valid);
  }
  return constant(type, Cell::of(static_cast<double>(found - valid.begin())));
}

Result<Bound> ProgramBuilder::bind_call(const Expression& expression, std::optional<ListId> list) {
  std::vector<const Primitive*> candidates;
  std::vector<std::string> valid;
  for (const auto* primitive : all_primitives()) {
    valid.emplace_back(primitive->name);
    if (primitive->name == expression.text) candidates.push_back(primitive);
  }
  bool is_fold = false;
  for (const auto& aggregate : aggregates()) {
    valid.emplace_back(aggregate.name);
    is_fold |= aggregate.name == expression.text;
  }
  if (candidates.empty() && !is_fold) return unknown(expression, "function", valid);
  if (candidates.empty()) return bind_fold(expression);
  if (expression.arguments.size() > kMaxArguments) return at(expression, "too many arguments");
  std::vector<Bound> arguments;
  for (std::size_t i = 0; i < expression.arguments.size(); ++i) {
    const auto signature = read_signature(candidates.front()->signature);
    const auto parameter = signature.parameters.empty() ? Type::Number : parameter_at(signature, i);
    if (is_declared_name(parameter)) {  // overloads do not differ in these
      WINNOW_TRY(const NodeId node, bind_declared(expression.arguments[i], parameter));
      arguments.push_back({parameter, node, 0, {}});
    } else {
      WINNOW_TRY(const Bound bound, bind_expression(expression.arguments[i], list));
      arguments.push_back(bound);
    }
  }
  return call(expression, candidates, arguments);
}

Result<Bound> ProgramBuilder::call(const Expression& expression,
                                   const std::vector<const Primitive*>& candidates,
                                   const std::vector<Bound>& arguments) {
  for (const auto* candidate : candidates) {
    const auto signature = read_signature(candidate->signature);
    if (!takes(signature, arguments.size())) continue;
    bool fits = true;
    for (std::size_t i = 0; i < arguments.size(); ++i)
      fits &= accepts(parameter_at(signature, i), arguments[i].type);
    if (!fits) continue;
    Node node;
    node.op = Node::Op::Call;
    node.type = signature.result;
    node.primitive = candidate;
    for (const auto& argument : arguments) {
      const auto argument_list = program_.nodes[argument.node].list;
      if (argument_list) node.list = argument_list;
      node.arguments.push_back(argument.node);
    }
    WINNOW_TRY(check_window(expression, node));
    WINNOW_TRY(const NodeId id, add(std::move(node)));
    return Bound{signature.result, id, 0, {}};
  }
  std::string wanted;
  for (const auto* candidate : candidates) {
    wanted += fmt::format("{}'{}'", wanted.empty() ? "" : " or ", candidate->signature);
  }
  return at(expression,
            fmt::format("{} does not fit {}", call_text(expression, arguments), wanted));
}

// A question that looks further back than its window would never have an answer.
Status ProgramBuilder::check_window(const Expression& expression, const Node& call) const {
  if (call.arguments.size() != 2) return {};
  const auto& asked = program_.nodes[call.arguments[0]];
  const auto& back = program_.nodes[call.arguments[1]];
  if (asked.op != Node::Op::Remembered || back.op != Node::Op::Constant) return {};
  const auto& keep = program_.histories[asked.history].keeps[asked.accumulator];
  const auto declared = window_of(keep.empty);
  if (!declared || back.type != Type::Number || back.constant.number <= *declared) return {};
  return at(expression, fmt::format("'{}' looks back {} s, and '{}.{}' has a window of {} s",
                                    expression.text, back.constant.number,
                                    program_.histories[asked.history].name, keep.name, *declared));
}

Result<Bound> ProgramBuilder::bind_fold(const Expression& expression) {
  std::vector<std::string> valid;
  std::string wanted;
  for (const auto& aggregate : aggregates()) {
    valid.emplace_back(aggregate.name);
    if (aggregate.name == expression.text) {
      wanted += fmt::format("{}'{}'", wanted.empty() ? "" : " or ", aggregate.signature);
    }
  }
  if (wanted.empty()) return unknown(expression, "function over lists", valid);
  if (expression.arguments.empty())
    return at(expression, fmt::format("'{}' takes {}", expression.text, wanted));
  WINNOW_TRY(const Bound over, bind_expression(expression.arguments[0], {}));
  if (over.type != Type::List) {
    return at(expression.arguments[0],
              fmt::format("'{}' takes a list, found {}", expression.text, name_of(over.type)));
  }
  std::vector<Bound> arguments = {over};
  if (expression.arguments.size() == 2 && expression.kind == Expression::Kind::Aggregate) {
    WINNOW_TRY(const Bound value, bind_expression(expression.arguments[1], over.list));
    arguments.push_back(value);
  }
  for (const auto& aggregate : aggregates()) {
    const auto signature = read_signature(aggregate.signature);
    if (aggregate.name != expression.text ||
        signature.parameters.size() != expression.arguments.size() ||
        arguments.size() != expression.arguments.size()) {
      continue;
    }
    if (arguments.size() == 2 && !accepts(signature.parameters[1], arguments[1].type)) continue;
    Node node;
    node.op = Node::Op::Fold;
    node.type = signature.result;
    node.aggregate = &aggregate;
    node.folded = over.list;
    node.mask = over.mask;
    if (arguments.size() == 2) node.arguments.push_back(arguments[1].node);
    WINNOW_TRY(const NodeId id, add(std::move(node)));
    return Bound{signature.result, id, 0, {}};
  }
  return at(expression,
            fmt::format("{} does not fit {}", call_text(expression, arguments), wanted));
}

Result<Bound> ProgramBuilder::bind_where(const Expression& expression) {
  WINNOW_TRY(Bound over, bind_expression(expression.arguments[0], {}));
  if (over.type != Type::List)
    return at(expression, fmt::format("'where' filters a list, found {}", name_of(over.type)));
  WINNOW_TRY(const Bound condition, bind_expression(expression.arguments[1], over.list));
  if (condition.type != Type::Bool) {
    return at(expression.arguments[1],
              fmt::format("'where' takes a condition, found {}", name_of(condition.type)));
  }
  if (!over.mask) {
    over.mask = condition.node;
    return over;
  }
  const Expression both{Expression::Kind::Call, "and", 0, {}, expression.column};
  std::vector<const Primitive*> candidates;
  for (const auto* primitive : all_primitives()) {
    if (primitive->name == "and") candidates.push_back(primitive);
  }
  WINNOW_TRY(const Bound joined,
             call(both, candidates, {{Type::Bool, *over.mask, 0, {}}, condition}));
  over.mask = joined.node;
  return over;
}

}  // namespace winnow::features
