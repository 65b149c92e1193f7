#include "server/endpoints/audit_endpoints.h"

#include <charconv>
#include <chrono>

#include <fmt/format.h>

#include "base/digest.h"
#include "base/json_text.h"
#include "base/utf8.h"
#include "server/endpoints/audit_search.h"
#include "server/json_body.h"
#include "server/problem.h"
#include "server/query.h"

namespace winnow::server {
namespace {

constexpr std::uint64_t kPage = 50, kLargestPage = 200;
constexpr std::size_t kMostKnown = 16;  // checkpoints that somebody kept elsewhere

Result<std::uint64_t> index_of(std::string_view text) {
  std::uint64_t index = 0;
  const auto* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, index);
  if (error == std::errc() && rest == end) return index;
  return Error(Code::InvalidArgument,
               fmt::format("'{}' is no place in the audit log", to_valid_utf8(text.substr(0, 64))))
      .with_hint("entries are counted from 0");
}

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  while (!text.empty()) {
    const auto word = text.substr(0, text.find(' '));
    text.remove_prefix(std::min(text.size(), word.size() + 1));
    if (!word.empty()) words.emplace_back(word);
  }
  return words;
}

Result<AuditSearch> search_of(const http::Request& request, const Route& route) {
  WINNOW_TRY(const auto query, Query::parse(request.query, route));
  AuditSearch search;
  search.words = words_of(query.text("q"));
  search.action = query.text("action");
  search.actor = query.text("actor");
  WINNOW_TRY(search.since, query.time("since"));
  WINNOW_TRY(search.until, query.time("until"));
  WINNOW_TRY(search.limit, query.number("limit", kPage, 1, kLargestPage));
  if (query.has("cursor")) {
    WINNOW_TRY(search.before, index_of(query.text("cursor")));
  }
  return search;
}

// The log as it stands now: others append to it.
Result<const AuditLog*> audit_of(RecordStores& stores) {
  auto& audit = stores.registry->audit();
  WINNOW_TRY(audit.refresh());
  return &audit;
}

Result<Json> entry_json(RecordStores& stores, std::uint64_t index) {
  WINNOW_TRY(const auto* const audit, audit_of(stores));
  WINNOW_TRY(const auto text, audit->entry(index));
  WINNOW_TRY(auto json, audit_entry_json(index, text));
  return std::move(json.set("canonical", text).set("size", audit->size()));
}

Result<std::string> proof_text(RecordStores& stores, std::uint64_t index) {
  WINNOW_TRY(const auto* const audit, audit_of(stores));
  WINNOW_TRY(const auto proof, audit->prove(index));
  return to_text(proof);
}

// A file to keep.
void write_file(const Result<std::string>& text, std::string_view name, std::string_view type,
                http::Response& response) {
  if (!text) return write_problem(text.error(), response);
  response.add("content-disposition", fmt::format("attachment; filename=\"{}\"", name));
  response.set(200, type, *text);
}

// Whoever was told that they may verify says when they are done, also when their turn never comes.
class Turn {
 public:
  explicit Turn(Records& records) : records_(&records) {}
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;
  ~Turn() { records_->end_verification(); }
  const Records& records() const { return *records_; }

 private:
  Records* records_;
};

Json findings_json(const AuditVerification& found, const Records& records) {
  Json findings = Json::array();
  for (const auto& finding : found.findings) {
    findings.push(Json::object({{"what", records.without_folder(finding.what)},
                                {"entry", finding.entry ? Json(*finding.entry) : Json()},
                                {"unchanged_until", json_text(finding.since)}}));
  }
  return findings;
}

Result<Json> verification(const RecordStores& stores, const Records& records,
                          const std::vector<std::string>& known) {
  const auto& registry = *stores.registry;
  const auto at = registry.clock().now();
  const auto started = std::chrono::steady_clock::now();
  NoProgress progress;
  WINNOW_TRY(const auto found,
             verify_audit_log(records.data() / "audit", registry.keys(), known, progress));
  const auto took = std::chrono::steady_clock::now() - started;
  return Json::object({{"verified", found.holds()},
                       {"entries", found.entries},
                       {"checkpoints", found.checkpoints},
                       {"known_checkpoints", std::uint64_t{known.size()}},
                       {"origin", found.latest.origin},
                       {"root", to_base64(found.latest.root.as_text())},
                       {"findings", findings_json(found, records)},
                       {"at", at.text()},
                       {"took_ms", std::chrono::duration<double, std::milli>(took).count()}});
}

Result<std::vector<std::string>> known_of(const http::Request& request) {
  WINNOW_TRY(const auto body, json_body(request, {"known"}));
  std::vector<std::string> known;
  if (body.find("known") == nullptr) return known;
  WINNOW_TRY(body.need_array("known"));
  for (const auto& checkpoint : body["known"].items()) {
    if (!checkpoint.is_string() || known.size() == kMostKnown)
      return Error(Code::InvalidArgument,
                   fmt::format("'known' is not up to {} checkpoints", kMostKnown));
    known.push_back(checkpoint.as_string());
  }
  return known;
}

}  // namespace

void list_audit(Call& call) {
  auto search = search_of(call.request(), call.route());
  if (!search) return write_problem(search.error(), call.response());
  call.look_up_later([search = std::move(*search)](RecordStores& stores, http::Response& response) {
    const auto audit = audit_of(stores);
    if (!audit) return write_problem(audit.error(), response);
    const auto page = search_audit(**audit, search);
    if (!page) return write_problem(page.error(), response);
    response.set(200, kJsonType, to_text(*page) + "\n");
  });
}

void get_audit_entry(Call& call) {
  const auto index = index_of(call.variable());
  if (!index) return write_problem(index.error(), call.response());
  call.look_up_later([index = *index](RecordStores& stores, http::Response& response) {
    const auto entry = entry_json(stores, index);
    if (!entry) return write_problem(entry.error(), response);
    response.set(200, kJsonType, to_text(*entry) + "\n");
  });
}

void prove_audit_entry(Call& call) {
  const auto index = index_of(call.variable());
  if (!index) return write_problem(index.error(), call.response());
  call.look_up_later(
      [index = *index, &route = call.route()](RecordStores& stores, http::Response& response) {
        write_file(proof_text(stores, index), fmt::format("entry-{}.tlog-proof", index),
                   route.answer_type, response);
      });
}

void get_checkpoint(Call& call) {
  call.look_up_later([&route = call.route()](RecordStores& stores, http::Response& response) {
    const auto audit = audit_of(stores);
    write_file(audit ? Result<std::string>((*audit)->checkpoint()) : audit.error(),
               "winnow.checkpoint", route.answer_type, response);
  });
}

void get_verifier_keys(Call& call) {
  call.look_up_later([&route = call.route()](RecordStores& stores, http::Response& response) {
    const auto origin = stores.registry->audit().origin();
    std::string keys;
    for (const auto& key : stores.registry->keys().keys())
      keys += note_verifier_key(origin, key.public_key) + "\n";
    write_file(keys, "winnow.vkeys", route.answer_type, response);
  });
}

void verify_audit(Call& call) {
  auto known = known_of(call.request());
  if (!known) return write_problem(known.error(), call.response());
  auto& records = call.backing().records;
  if (!records.begin_verification()) {
    return write_busy(std::chrono::seconds(5), "the log is being verified already",
                      "try again when that has ended", call.response());
  }
  auto turn = std::make_shared<Turn>(records);
  call.look_up_later([turn = std::move(turn), known = std::move(*known)](
                         RecordStores& stores, http::Response& response) mutable {
    const auto own = std::move(turn);  // ends before the answer leaves: who has it may ask again
    const auto done = verification(stores, own->records(), known);
    if (!done) return write_problem(done.error(), response);
    response.set(200, kJsonType, to_text(*done) + "\n");
  });
}

}  // namespace winnow::server
