#include "server/endpoints/quarantine_endpoints.h"

#include <charconv>

#include "base/json_text.h"
#include "base/log.h"
#include "base/utf8.h"
#include "cases/mail_view.h"
#include "server/json_body.h"
#include "server/problem.h"
#include "server/query.h"

namespace winnow::server {
namespace {

constexpr std::size_t kAtOnce = 4096;   // records of a request
constexpr std::size_t kMaxDigits = 18;  // of a record's id

struct Wish {
  QuarantineFilter filter;
  std::uint64_t after = 0;
};

// Absent and null are the same. Errors: InvalidArgument.
Status read_text(const Json& body, std::string_view member, std::optional<std::string>& out) {
  if (body[member].is_null()) return {};
  WINNOW_TRY(out, body.need_string(member));
  return {};
}

// Nothing at all asks for all, as '{}' does.
Result<Wish> wish_of(const http::Request& request) {
  if (request.body.empty()) return Wish();
  WINNOW_TRY(const auto body, json_body(request, {"mapping", "source", "after"}));
  Wish wish;
  WINNOW_TRY(read_text(body, "mapping", wish.filter.mapping));
  WINNOW_TRY(read_text(body, "source", wish.filter.source));
  std::optional<std::string> after;
  WINNOW_TRY(read_text(body, "after", after));
  if (!after) return wish;
  const char* const end = after->data() + after->size();
  const auto [rest, error] = std::from_chars(after->data(), end, wish.after);
  if (error != std::errc() || rest != end || after->size() > kMaxDigits)
    return Error(Code::InvalidArgument, "'after' is not what an answer gave as 'next'");
  return wish;
}

constexpr std::uint64_t kPage = 20, kLargestPage = 100;
constexpr std::size_t kSampleBytes = 2048;  // of a record that is shown
constexpr std::size_t kReasonBytes = 1000;
constexpr std::size_t kMostReasons = 200;

// What a mapping of logs refused is no mail. Of anything else nobody knows.
bool may_be_mail(const std::string& mapping) { return mapping.empty(); }

std::string told_reason(const Problem& problem, const std::string& mapping, MailContent content) {
  const auto shown = may_be_mail(mapping) ? content : MailContent::Shown;
  return std::string(utf8_prefix(reason_for(shown, problem.message), kReasonBytes));
}

Json mapping_json(const std::string& mapping) { return mapping.empty() ? Json() : Json(mapping); }

// Nothing is in quarantine where the file is not there yet. Errors: of opening it.
Result<std::optional<Quarantine>> open_quarantine(const Path& file) {
  auto quarantine = Quarantine::open(file, Access::ReadOnly);
  if (quarantine) return std::optional(std::move(*quarantine));
  if (quarantine.error().code() == Code::NotFound) return std::optional<Quarantine>();
  return quarantine.error();
}

Result<Json> record_json(const Quarantine& quarantine, const QuarantinedRecord& record,
                         MailContent content) {
  Json sample;
  bool cut = record.kept_bytes < record.size;
  if (content == MailContent::Shown || !may_be_mail(record.mapping)) {
    WINNOW_TRY(const auto raw, quarantine.read_raw(record));
    bool more = false;
    sample = cases::safe_text(raw, kSampleBytes, more);
    cut = cut || more;
  }
  return Json::object({{"digest", record.digest.hex()},
                       {"source", record.source},
                       {"mapping", mapping_json(record.mapping)},
                       {"kind", name_of(record.problem.kind)},
                       {"reason", told_reason(record.problem, record.mapping, content)},
                       {"size", record.size},
                       {"first_seen", record.first_seen.text()},
                       {"last_tried", json_text(record.last_tried)},
                       {"tries", record.tries},
                       {"sample", std::move(sample)},
                       {"sample_cut", cut}});
}

struct Asked {
  QuarantineFilter filter;
  std::uint64_t after = 0, limit = kPage;
};

Result<Asked> asked_of(const http::Request& request, const Route& route) {
  WINNOW_TRY(const auto query, Query::parse(request.query, route));
  Asked asked;
  if (query.has("source")) asked.filter.source = query.text("source");
  if (query.has("mapping")) asked.filter.mapping = query.text("mapping");
  if (query.has("reason")) asked.filter.reason = query.text("reason");
  WINNOW_TRY(asked.limit, query.number("limit", kPage, 1, kLargestPage));
  constexpr std::uint64_t kLastId = 999'999'999'999'999'999;
  WINNOW_TRY(asked.after, query.number("cursor", 0, 0, kLastId));
  return asked;
}

Result<Json> page_of(const Path& file, const Asked& asked, MailContent content) {
  Json records = Json::array();
  Json next;
  std::uint64_t total = 0;
  WINNOW_TRY(const auto quarantine, open_quarantine(file));
  if (quarantine) {
    WINNOW_TRY(total, quarantine->count(asked.filter));
    WINNOW_TRY(const auto found, quarantine->list(asked.filter, asked.after, asked.limit));
    for (const auto& record : found) {
      WINNOW_TRY(auto json, record_json(*quarantine, record, content));
      records.push(std::move(json));
    }
    if (found.size() == asked.limit) next = std::to_string(found.back().id);
  }
  return Json::object(
      {{"records", std::move(records)}, {"next", std::move(next)}, {"total", total}});
}

Result<Json> reasons_of(const Path& file, MailContent content) {
  Json all = Json::array();
  std::uint64_t total = 0;
  WINNOW_TRY(const auto quarantine, open_quarantine(file));
  if (quarantine) {
    WINNOW_TRY(total, quarantine->count());
    WINNOW_TRY(const auto reasons, quarantine->reasons(kMostReasons));
    for (const auto& reason : reasons) {
      all.push(Json::object({{"source", reason.source},
                             {"mapping", mapping_json(reason.mapping)},
                             {"kind", name_of(reason.problem.kind)},
                             {"reason", told_reason(reason.problem, reason.mapping, content)},
                             {"records", reason.records},
                             {"first_seen", reason.first_seen.text()},
                             {"last_seen", reason.last_seen.text()}}));
    }
  }
  return Json::object({{"reasons", std::move(all)}, {"total", total}});
}

void answer(const Result<Json>& found, http::Response& response) {
  if (!found) return write_problem(found.error(), response);
  response.set(200, kJsonType, to_text(*found) + "\n");
}

}  // namespace

void list_quarantined(Call& call) {
  auto asked = asked_of(call.request(), call.route());
  if (!asked) return write_problem(asked.error(), call.response());
  call.search_later([asked = std::move(*asked), content = call.mail_content()](
                        SearchStores& stores, http::Response& response) {
    answer(page_of(stores.quarantine, asked, content), response);
  });
}

void list_quarantine_reasons(Call& call) {
  if (const auto query = Query::parse(call.request().query, call.route()); !query)
    return write_problem(query.error(), call.response());
  call.search_later(
      [content = call.mail_content()](SearchStores& stores, http::Response& response) {
        answer(reasons_of(stores.quarantine, content), response);
      });
}

void retry_quarantined(Call& call) {
  auto wish = wish_of(call.request());
  if (!wish) return write_problem(wish.error(), call.response());
  // On a thread that may wait: the scorer does it, between its batches.
  call.look_up_later([wish = std::move(*wish), actor = call.who().name,
                      &scorer = call.backing().scorer](RecordStores&, http::Response& response) {
    const auto retried = scorer.retry(wish.filter, wish.after, kAtOnce);
    if (!retried) return write_problem(retried.error(), response);
    const auto& counts = retried->counts;
    log::info("quarantined records were tried again", {{"actor", actor},
                                                       {"tried", counts.tried},
                                                       {"released", counts.released},
                                                       {"decided", retried->decided}});
    response.set(200, kJsonType,
                 to_text(Json::object(
                     {{"tried", counts.tried},
                      {"released", counts.released},
                      {"decided", retried->decided},
                      {"kept", counts.released - retried->decided},
                      {"next", retried->more ? Json(std::to_string(retried->last)) : Json()}})) +
                     "\n");
  });
}

}  // namespace winnow::server
