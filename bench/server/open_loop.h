// Clients that do not wait for the server: requests leave when they are due, however slow the
// answers are, so that a stall is paid by all who came meanwhile (no coordinated omission). And
// clients that do wait, for what one of them meets alone and for what the server can do at most.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace winnow::bench {

struct OpenLoop {
  std::uint16_t port;
  double a_second;  // on average; the gaps are exponential
  std::size_t requests;
  std::uint64_t seed;
};

struct Answer {
  int status;
  std::string body;
};
// To one request, on a connection of its own.
Answer answer_to(std::uint16_t port, const std::string& request);

// The n-th request's bytes.
using MakeRequest = std::function<std::string(std::size_t n)>;

// Milliseconds from when each request was due to the end of its answer, sorted. Ends the program
// when an answer is not 200.
std::vector<double> latencies(const OpenLoop& loop, const MakeRequest& make);

// The same by one client that sends when it was answered.
std::vector<double> one_by_one(std::uint16_t port, std::size_t requests, const MakeRequest& make);

// How many answers a second so many such clients get together.
double answers_a_second(std::uint16_t port, std::size_t clients, std::size_t requests,
                        const MakeRequest& make);

}  // namespace winnow::bench
