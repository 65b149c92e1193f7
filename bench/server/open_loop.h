// Clients that do not wait for the server: requests leave when they are due, however slow the
// answers are, so that a stall is paid by all who came meanwhile (no coordinated omission).
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

// The status of one answer, on a connection of its own.
int status_of_answer(std::uint16_t port, const std::string& request);

// The n-th request's bytes.
using MakeRequest = std::function<std::string(std::size_t n)>;

// Milliseconds from when each request was due to the end of its answer, sorted. Ends the program
// when an answer is not 200.
std::vector<double> latencies(const OpenLoop& loop, const MakeRequest& make);

}  // namespace winnow::bench
