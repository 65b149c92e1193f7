// An OpenTelemetry collector in this process: keeps what it is sent, and answers as a test wants.
#pragma once

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/json.h"
#include "http/server.h"

namespace winnow::testing {

class Collector final : public http::Handler {
 public:
  Collector();
  ~Collector() override;
  std::string endpoint() const;

  // The next requests are answered so, those behind them 200. Status 0: not at all.
  struct Reply {
    int status = 200;
    std::string body = "{}";
  };
  void reply_with(std::deque<Reply> replies);
  // False: so many did not come within twenty seconds.
  bool wait_for_requests(std::size_t count);

  struct Received {
    std::string path, type, key;  // key: the field x-api-key
    Json body;
  };
  std::vector<Received> received() const;
  std::vector<Json> spans() const;  // of all requests that were answered with 200

  http::Admission admit(const http::Request& head) override;
  void handle(http::Exchange& exchange) override;
  void refuse(int status, std::string_view why, http::Response& response) override;

 private:
  mutable std::mutex mutex_;  // of all below
  std::condition_variable changed_;
  std::deque<Reply> replies_;
  std::vector<Received> received_;
  std::vector<Json> spans_;
  std::vector<http::Pending> unanswered_;
  std::unique_ptr<http::Server> server_;
};

// The value of a span's attribute, as text.
std::string attribute_of(const Json& span, std::string_view key);

}  // namespace winnow::testing
