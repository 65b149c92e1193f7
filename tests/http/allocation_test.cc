// A request that is answered at once allocates nothing once its connection is warm.
#include <cstdlib>
#include <new>
#include <vector>

#include "http/server.h"
#include "tests/http/client.h"
#include "tests/support/support.h"

namespace {
thread_local std::size_t g_allocations = 0;
}  // namespace

#ifndef WINNOW_SANITIZED  // the sanitizers have operators of their own
void* operator new(std::size_t size) {
  ++g_allocations;
  if (void* memory = std::malloc(size == 0 ? 1 : size)) return memory;
  throw std::bad_alloc();
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
#endif

namespace winnow::http {
namespace {

// Notes how often the loop's thread had allocated when each request came.
class Counting final : public Handler {
 public:
  Counting() { seen.reserve(1000); }
  Admission admit(const Request&) override { return {.body_bytes = 100'000}; }
  void handle(Exchange& exchange) override {
    seen.push_back(g_allocations);
    exchange.response().set(200, "application/json", exchange.request().body);
  }
  void refuse(int, std::string_view, Response&) override {}
  std::vector<std::size_t> seen;
};

TEST(Allocation, NoneForARequestOnAWarmConnection) {
#ifdef WINNOW_SANITIZED
  GTEST_SKIP() << "nothing is counted beside a sanitizer's own allocator";
#endif
  Counting counting;
  const auto server = Server::start({}, counting).value();
  testing::Client client(server->port());
  const std::string request =
      "POST /v1/score?x=1 HTTP/1.1\r\nHost: x\r\nContent-Length: 1024\r\n\r\n" +
      std::string(1024, 'x');
  for (int i = 0; i < 500; ++i) {
    ASSERT_TRUE(client.send(request));
    ASSERT_EQ(client.read_answer().body.size(), 1024U);
  }
  ASSERT_EQ(counting.seen.size(), 500U);
  EXPECT_GT(counting.seen[0], 0U) << "the server's own beginning is counted";
  EXPECT_EQ(counting.seen.back(), counting.seen[20]);
}

}  // namespace
}  // namespace winnow::http
