// A server in a process of its own, and what it costs.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

#include <sys/types.h>

namespace winnow::bench {

// A server, whoever started it.
struct Target {
  std::uint16_t port;
  pid_t process;
};

// Ended with this object.
class Serving {
 public:
  using Listening = std::function<void(std::uint16_t port)>;
  // `serve` runs in the process, tells its port, and goes on serving.
  explicit Serving(const std::function<void(const Listening& listening)>& serve);
  ~Serving();
  Serving(const Serving&) = delete;
  Serving& operator=(const Serving&) = delete;

  Target target() const { return {port_, process_}; }

 private:
  pid_t process_ = -1;
  std::uint16_t port_ = 0;
};

double cpu_seconds_of(pid_t process);           // all its threads
void keep_on_cpu(pid_t process, unsigned cpu);  // those that it has now

struct Rounds {
  int rounds;
  std::size_t requests;  // a round
  std::size_t connections;
};
// Asks both servers the same in alternating rounds, and prints how many requests each answers a
// CPU-second. Ends the program when a connection breaks.
void print_beside_beast(const Target& ours, const Target& beast, std::string_view request,
                        const Rounds& rounds);

}  // namespace winnow::bench
