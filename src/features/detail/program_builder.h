// Turns names and expressions into nodes, and says where and why when it cannot.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/yaml.h"
#include "features/detail/expression.h"
#include "features/detail/program.h"

namespace winnow::features {

// What an expression became: a node, or a list of records with a condition on them.
struct Bound {
  Type type = Type::Number;
  NodeId node = 0;             // unless a list
  ListId list = 0;             // if a list
  std::optional<NodeId> mask;  // if a list: its records for which this is yes
};

class ProgramBuilder {
 public:
  explicit ProgramBuilder(Vocabulary vocabulary) { program_.vocabulary = std::move(vocabulary); }

  // Reads the members of those names. Errors: InvalidArgument ("FILE:LINE: ...").
  Status declare_attributes(const Yaml& attributes);
  Status declare_definitions(const Yaml& definitions);
  Status declare_histories(const Yaml& histories);
  Status bind_definitions();  // all of them, so that a wrong one is found though nobody uses it

  // The expression that the scalar `node` holds. Errors: InvalidArgument ("FILE:LINE: column N:
  // ...").
  Result<Bound> bind(const Yaml& node);
  Result<NodeId> bind_as(const Yaml& node, Type type);   // a number accepts yes/no
  Result<NodeId> given(NodeId condition, NodeId value);  // the value where the condition is yes
  Result<Bound> named(
      std::string_view name);  // an attribute or definition. Errors: InvalidArgument

  const Program& program() const { return program_; }
  Program finish() && {
    program_.layout = Layout(program_);
    return std::move(program_);
  }

 private:
  struct Name {
    enum class Kind { EventAttribute, RecordAttribute, List, Definition, Accumulator };
    Kind kind = Kind::Definition;
    std::size_t index = 0;  // column, list or history
    std::size_t accumulator = 0;
    std::optional<ListId> list;        // visible within expressions over this list only
    const Yaml* definition = nullptr;  // Definition: its expression
    std::optional<Bound> bound;        // Definition: once bound
    bool busy = false;                 // Definition: being bound, so that a cycle is seen
  };
  using Names = std::map<std::string, Name, std::less<>>;

  Status declare(Names& names, const std::string& name, Name what, const Yaml& node);
  Status declare_list(const std::string& name, const Yaml& node);
  Result<Column> read_column(const Yaml& node);
  Result<History::Keep> read_keep(const std::string& name, const Yaml& node);
  Status read_bucket_keep(const Yaml& node, History::Keep& keep);
  Status read_counted(const Yaml& node, History::Keep& keep);
  Status read_texts(const Yaml& node, std::string_view kind, History::Keep& keep);
  Status only_of_event(NodeId node, const Yaml& where);

  Result<Bound> bind_expression(const Expression& expression, std::optional<ListId> list);
  Result<Bound> bind_name(const Expression& expression, std::optional<ListId> list);
  Result<Bound> bind_call(const Expression& expression, std::optional<ListId> list);
  Result<Bound> bind_fold(const Expression& expression);
  Result<Bound> bind_where(const Expression& expression);
  Result<Bound> bind_found(Name& name, std::optional<ListId> list);
  Result<NodeId> bind_declared(const Expression& argument, Type type);
  Status check_window(const Expression& expression, const Node& call) const;
  Result<Bound> call(const Expression& expression, const std::vector<const Primitive*>& candidates,
                     const std::vector<Bound>& arguments);
  Result<NodeId> add(Node node);
  Result<NodeId> constant(Type type, Cell cell);
  Result<NodeId> text_constant(std::string_view text);
  Error unknown(const Expression& expression, std::string_view what,
                const std::vector<std::string>& valid) const;
  std::vector<std::string> names_in_reach(std::optional<ListId> list) const;
  Error located(const Yaml& node, Error error);

  Program program_;
  Names names_;
  std::vector<Names> list_names_;
  std::map<std::string, NodeId> known_nodes_;
  int depth_ = 0;
  bool located_ = false;  // the error on its way up knows its line already
};

}  // namespace winnow::features
