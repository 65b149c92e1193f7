#include "server/endpoints/quarantine_endpoints.h"

#include <charconv>

#include "base/log.h"
#include "server/json_body.h"
#include "server/problem.h"

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

Result<Wish> wish_of(const http::Request& request) {
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

}  // namespace

void retry_quarantined(Call& call) {
  auto wish = wish_of(call.request());
  if (!wish) return write_problem(wish.error(), call.response());
  // On a thread that may wait: the scorer does it, between its batches.
  call.look_up_later([wish = std::move(*wish), actor = call.who().name,
                      &scorer = call.backing().scorer](RecordStores&, http::Response& response) {
    const auto retried = scorer.retry(wish.filter, wish.after, kAtOnce);
    if (!retried) return write_problem(retried.error(), response);
    const auto& counts = retried->counts;
    log::info("quarantined records were tried again",
              {{"actor", actor}, {"tried", counts.tried}, {"released", counts.released}});
    response.set(200, kJsonType,
                 to_text(Json::object(
                     {{"tried", counts.tried},
                      {"released", counts.released},
                      {"next", retried->more ? Json(std::to_string(retried->last)) : Json()}})) +
                     "\n");
  });
}

}  // namespace winnow::server
