#include "server/endpoints/elastic_endpoints.h"

#include <algorithm>
#include <array>
#include <map>

#include <fmt/format.h>

#include "base/digest.h"
#include "base/json.h"
#include "server/body.h"
#include "server/endpoints/receiving.h"

namespace winnow::server {
namespace {

constexpr std::string_view kVia = "Elasticsearch _bulk";
constexpr std::string_view kVersion = "8.11.0";  // whose bulk API this is
constexpr unsigned kMaxActionDepth = 4;

// Clients ask for it before they believe anything.
void add_product(http::Response& response) { response.add("x-elastic-product", "Elasticsearch"); }

Json cause(std::string_view type, std::string_view reason) {
  return Json::object({{"type", type}, {"reason", reason}});
}

void write_error(int status, std::string_view type, std::string_view reason,
                 http::Response& response) {
  auto error = cause(type, reason);
  error.set("root_cause", Json::array({cause(type, reason)}));
  response.set(status, kJsonType,
               to_text(Json::object({{"error", std::move(error)}, {"status", status}})) + "\n");
}

std::string_view type_of(int status) {
  switch (status) {
    case 401:
    case 403:
      return "security_exception";
    case 413:
      return "content_too_long_exception";
    case 429:
      return "es_rejected_execution_exception";
    case 503:
    case 500:
      return "exception";
    default:
      return "illegal_argument_exception";
  }
}

void write_refusal_to_elastic(const http::Request&, const Refusal& refusal,
                              http::Response& response) {
  // A disk above its flood stage is a 429 there, which clients try again.
  const int status = refusal.status == 507 ? 429 : refusal.status;
  add_product(response);
  if (status == 401) response.add("www-authenticate", "Bearer realm=\"winnow\"");
  if (refusal.retry_after.count() > 0)
    response.add("retry-after", std::to_string(refusal.retry_after.count()));
  write_error(status, type_of(status), refusal.why, response);
}

struct Action {
  std::string name, index, id;
  bool has_document() const { return name != "delete"; }
  bool is_taken() const { return name == "create" || name == "index"; }
};

std::optional<Action> read_action(std::string_view line, std::string_view index_of_path) {
  const auto json = parse_json(line, {.max_bytes = 64UL << 10, .max_depth = kMaxActionDepth});
  if (!json || json->members().size() != 1) return std::nullopt;
  const auto& [name, about] = json->members().front();
  constexpr std::array<std::string_view, 4> kNames = {"create", "index", "update", "delete"};
  if (!about.is_object() || std::ranges::count(kNames, name) == 0) return std::nullopt;
  Action action{name, about["_index"].as_string(), about["_id"].as_string()};
  if (action.index.empty()) action.index = index_of_path;
  return action;
}

// Reads the lines of one request; each action gets its own answer.
class Bulk {
 public:
  // `otherwise` is the source of what names no index that could be one.
  Bulk(std::string index_of_path, std::string otherwise)
      : index_of_path_(std::move(index_of_path)), otherwise_(std::move(otherwise)) {}

  // What is wrong with the request as a whole, empty where nothing is.
  std::string read(std::string_view body) {
    for (std::size_t number = 1; !body.empty(); ++number) {
      const auto line = take_line(body);
      if (line.empty()) continue;
      auto action = read_action(line, index_of_path_);
      if (!action) return fmt::format("Malformed action/metadata line [{}]", number);
      std::string_view document;
      if (action->has_document()) {
        if (body.empty()) return fmt::format("action line [{}] has no document", number);
        document = take_line(body);
        ++number;
      }
      add(*action, document);
    }
    return items_.size() == 0 ? "request body is required" : "";
  }

  std::vector<Delivery> deliveries() const {
    std::vector<Delivery> all;
    for (const auto& [source, records] : by_source_)
      all.push_back(deliver_records(source, kVia, records));
    return all;
  }

  void write_answer(http::Response& response) {
    add_product(response);
    response.set(200, kJsonType,
                 to_text(Json::object(
                     {{"took", 0}, {"errors", has_errors_}, {"items", std::move(items_)}})) +
                     "\n");
  }

 private:
  void add(const Action& action, std::string_view document) {
    if (!action.is_taken())
      return refuse(action, "illegal_argument_exception", "only create and index are done here");
    const auto parsed = parse_json(document);
    if (!parsed || !parsed->is_object())
      return refuse(action, "document_parsing_exception", "the document is no JSON object");
    const auto happened = Timestamp::parse((*parsed)["@timestamp"].as_string());
    by_source_[is_source_name(action.index) ? action.index : otherwise_].push_back(
        {RecordForm::LogJson, document, happened ? std::optional(*happened) : std::nullopt});
    auto item = item_of(action, document);
    item.set("_version", 1)
        .set("result", "created")
        .set("_shards", Json::object({{"total", 1}, {"successful", 1}, {"failed", 0}}))
        .set("_seq_no", 0)
        .set("_primary_term", 1)
        .set("status", 201);
    items_.push(Json::object({{action.name, std::move(item)}}));
  }

  void refuse(const Action& action, std::string_view type, std::string_view reason) {
    has_errors_ = true;
    auto item = item_of(action, {});
    item.set("status", 400).set("error", cause(type, reason));
    items_.push(Json::object({{action.name, std::move(item)}}));
  }

  // A document without an id gets that of its bytes.
  static Json item_of(const Action& action, std::string_view document) {
    const auto id = action.id.empty() ? sha256(document).hex().substr(0, 20) : action.id;
    return Json::object({{"_index", action.index}, {"_id", id}});
  }

  std::string index_of_path_, otherwise_;
  std::map<std::string, std::vector<EnvelopedRecord>> by_source_;
  Json items_ = Json::array();
  bool has_errors_ = false;
};

ReceivedBody read_bulk(const std::string& index, const std::string& sender, std::string_view body) {
  ReceivedBody received;
  Bulk bulk(index, sender);
  if (const auto wrong = bulk.read(body); !wrong.empty()) {
    add_product(received.answer);
    write_error(400, "illegal_argument_exception", wrong, received.answer);
    return received;
  }
  received.deliveries = bulk.deliveries();
  bulk.write_answer(received.answer);
  return received;
}

}  // namespace

const Dialect kElasticDialect{write_refusal_to_elastic, "ElasticError"};

void tell_elastic_info(Call& call) {
  add_product(call.response());
  const auto info =
      Json::object({{"name", "winnow"},
                    {"cluster_name", "winnow"},
                    {"cluster_uuid", "winnow"},
                    {"version", Json::object({{"number", kVersion},
                                              {"build_flavor", "default"},
                                              {"minimum_wire_compatibility_version", "7.17.0"},
                                              {"minimum_index_compatibility_version", "7.0.0"}})},
                    {"tagline", "Winnow: takes what is sent to _bulk, and decides on it"}});
  call.response().set(200, kJsonType, to_text(info) + "\n");
}

void receive_elastic_bulk(Call& call) {
  receive_body(call, [index = call.variable(), sender = call.who().name](const http::Request&,
                                                                         std::string_view body) {
    return read_bulk(index, sender, body);
  });
}

}  // namespace winnow::server
