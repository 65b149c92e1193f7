#include "server/endpoints/receiving.h"

#include <algorithm>
#include <memory>

#include "server/body.h"
#include "server/dialect.h"

namespace winnow::server {
namespace {

constexpr std::size_t kMaxSourceBytes = 100;
constexpr std::chrono::seconds kTryFullAgain{10};  // what a client is told of a full spool
constexpr Refusal kTooMuchWaits = {429, "too much waits already", "try again a little later",
                                   std::chrono::seconds(1)};

void tell(const Route& route, Ticket ticket, const Refusal& refusal) {
  http::Response response;
  refuse_on(route, ticket.request(), refusal, response);
  ticket.answer(std::move(response));
}

Refusal refusal_of(const Error& error) {
  if (error.code() == Code::Exhausted) {
    return {507, "the server has no room left for what is decided later",
            "nothing was accepted; try again when some of it was decided", kTryFullAgain};
  }
  return {503, "the server cannot accept this now", "nothing was accepted; try again"};
}

// A request whose answer says that its records are on disk.
class Request final : public Sender {
 public:
  Request(const Route& route, Ticket ticket, ReceivedBody& received)
      : route_(&route),
        ticket_(std::move(ticket)),
        answer_(std::move(received.answer)),
        when_stored_(std::move(received.when_stored)) {}

  void stored(Time begun) override {
    if (auto* const trace = ticket_.trace()) {
      trace->add_part("wait", trace->started(), begun);
      trace->add_part("store records", begun, std::chrono::steady_clock::now());
    }
    if (when_stored_) when_stored_(answer_);
    ticket_.answer(std::move(answer_));
  }
  void refused(const Error& why, std::vector<Delivery>) override { refuse(refusal_of(why)); }
  void refuse(const Refusal& refusal) { tell(*route_, std::move(ticket_), refusal); }

 private:
  const Route* route_;  // says how the client is told otherwise
  Ticket ticket_;
  http::Response answer_;
  std::function<void(http::Response&)> when_stored_;
};

void read_and_offer(Intake& intake, const Route& route, Ticket ticket, const ReadBody& read,
                    std::string_view body) {
  auto received = read(ticket.request(), body);
  if (received.deliveries.empty()) return ticket.answer(std::move(received.answer));
  if (const auto* const trace = ticket.trace()) {
    for (auto& delivery : received.deliveries) mark(delivery, trace->context());
  }
  auto request = std::make_unique<Request>(route, std::move(ticket), received);
  auto& refusable = *request;  // while the arrival is ours
  Arrival arrival{std::move(request), std::move(received.deliveries)};
  if (!intake.offer(arrival)) refusable.refuse(kTooMuchWaits);
}

Refusal refusal_of_unpacking(const Error& error) {
  if (error.code() == Code::Exhausted) return {413, "the body unpacks to more than it may"};
  return {400, "the body is not what its content-encoding says"};
}

void unpack_and_offer(const Backing& backing, const Route& route, Ticket ticket, ReadBody read,
                      Coding coding) {
  const auto waiting = std::make_shared<Ticket>(std::move(ticket));
  const bool taken = backing.readers.offer_apart(
      [&intake = backing.intake, &route, waiting, read = std::move(read), coding] {
        const auto packed = waiting->request().body;
        if (coding == Coding::Identity)
          return read_and_offer(intake, route, std::move(*waiting), read, packed);
        const auto body = unpack(coding, packed, kMaxEventsBytes);
        if (!body) return tell(route, std::move(*waiting), refusal_of_unpacking(body.error()));
        read_and_offer(intake, route, std::move(*waiting), read, *body);
      });
  if (!taken) tell(route, std::move(*waiting), kTooMuchWaits);
}

}  // namespace

void receive_body(Call& call, ReadBody read) {
  const auto& request = call.request();
  const auto coding = coding_of(request);
  if (!coding) {
    call.response().add("accept-encoding", "gzip, zstd");  // RFC 9110, section 12.5.3
    return refuse_on(
        call.route(), request,
        {415, "the body's content-encoding is not known here", "gzip or zstd, one of them"},
        call.response());
  }
  const auto& backing = call.backing();
  auto ticket = call.take_ticket();
  if (*coding == Coding::Identity && request.body.size() <= kSmallBytes)
    return read_and_offer(backing.intake, call.route(), std::move(ticket), read, request.body);
  unpack_and_offer(backing, call.route(), std::move(ticket), std::move(read), *coding);
}

bool is_source_name(std::string_view name) {
  return !name.empty() && name.size() <= kMaxSourceBytes &&
         std::ranges::all_of(name, [](char c) { return c >= 0x20 && c < 0x7F; });
}

}  // namespace winnow::server
