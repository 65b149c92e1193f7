#include "tests/trace/collector.h"

#include <algorithm>

#include <fmt/format.h>

namespace winnow::testing {

Collector::Collector() : server_(http::Server::start({}, *this).value()) {}

Collector::~Collector() {
  {
    const std::lock_guard lock(mutex_);
    unanswered_.clear();
  }
  server_.reset();
}

std::string Collector::endpoint() const {
  return fmt::format("http://127.0.0.1:{}", server_->port());
}

void Collector::reply_with(std::deque<Reply> replies) {
  const std::lock_guard lock(mutex_);
  replies_ = std::move(replies);
}

bool Collector::wait_for_requests(std::size_t count) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, std::chrono::seconds(20),
                           [&] { return received_.size() >= count; });
}

std::vector<Collector::Received> Collector::received() const {
  const std::lock_guard lock(mutex_);
  return received_;
}

std::vector<Json> Collector::spans() const {
  const std::lock_guard lock(mutex_);
  return spans_;
}

http::Admission Collector::admit(const http::Request&) { return {.body_bytes = 16UL << 20}; }

void Collector::handle(http::Exchange& exchange) {
  const auto& request = exchange.request();
  const std::lock_guard lock(mutex_);
  Reply reply;
  if (!replies_.empty()) {
    reply = replies_.front();
    replies_.pop_front();
  }
  auto body = parse_json(request.body).value_or(Json());
  if (reply.status == 200) {
    for (const auto& resource : body["resourceSpans"].items()) {
      for (const auto& scope : resource["scopeSpans"].items())
        std::ranges::copy(scope["spans"].items(), std::back_inserter(spans_));
    }
  }
  received_.push_back({std::string(request.path), std::string(request.field("content-type")),
                       std::string(request.field("x-api-key")), std::move(body)});
  changed_.notify_all();
  if (reply.status == 0) {
    unanswered_.push_back(exchange.defer());
  } else {
    exchange.response().set(reply.status, "application/json", reply.body);
  }
}

void Collector::refuse(int status, std::string_view why, http::Response& response) {
  response.set(status, "text/plain", why);
}

std::string attribute_of(const Json& span, std::string_view key) {
  for (const auto& attribute : span["attributes"].items()) {
    if (attribute["key"].as_string() != key) continue;
    const auto& value = attribute["value"];
    return value["stringValue"].as_string() + value["intValue"].as_string();
  }
  return {};
}

}  // namespace winnow::testing
