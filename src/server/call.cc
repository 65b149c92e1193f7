#include "server/call.h"

#include <memory>

#include "base/contract.h"
#include "names/url.h"
#include "server/problem.h"
#include "server/routes.h"

namespace winnow::server {
namespace {

void note_begin(const Ticket& ticket) {
  if (auto* const trace = ticket.trace())
    trace->add_part("wait", trace->started(), std::chrono::steady_clock::now());
}

// `workers` run what they are offered on a thread of theirs, with its stores.
template <typename Stores, typename Workers>
void answer_on(Workers& workers, Ticket ticket,
               std::function<void(Stores& stores, http::Response& response)> work) {
  // A std::function is copied, a ticket is not.
  const auto waiting = std::make_shared<Ticket>(std::move(ticket));
  const bool taken = workers.offer([waiting, work = std::move(work)](Stores& stores) {
    note_begin(*waiting);
    http::Response response;
    work(stores, response);
    waiting->answer(std::move(response));
  });
  if (!taken) waiting->answer(queue_full());
}

}  // namespace

std::size_t number_of(const Route* route) {
  return route == nullptr ? Metrics::kNoRoute : static_cast<std::size_t>(route - routes().data());
}

std::string Call::variable() const { return percent_decode(variable_); }

const Identity& Call::who() const {
  ensure(who_ != nullptr, "only routes with roles ask who calls");
  return *who_;
}

MailContent Call::mail_content() const {
  const bool reads = backing_->mail_readers.contains(who().role);
  return reads ? MailContent::Shown : MailContent::Redacted;
}

Ticket Call::take_ticket() {
  taken_ = true;
  return Ticket(exchange_->defer(), backing_->metrics, number_of(route_), started_,
                std::move(*trace_));
}

void Call::read_later(std::function<void(ReaderStores&, http::Response&)> read) {
  answer_on<ReaderStores>(backing_->readers, take_ticket(), std::move(read));
}

void Call::look_up_later(std::function<void(RecordStores&, http::Response&)> look_up) {
  answer_on<RecordStores>(backing_->records, take_ticket(), std::move(look_up));
}

void Call::search_later(std::function<void(SearchStores&, http::Response&)> search) {
  answer_on<SearchStores>(backing_->searchers, take_ticket(), std::move(search));
}

void Call::change_later(std::function<void(DeskStores&, http::Response&)> change) {
  answer_on<DeskStores>(backing_->desk, take_ticket(), std::move(change));
}

}  // namespace winnow::server
