// A server in a process of its own, and what it costs.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

#include <sys/types.h>

namespace winnow::bench {

// Ended with this object.
class Serving {
 public:
  using Listening = std::function<void(std::uint16_t port)>;
  // `serve` runs in the process, tells its port, and goes on serving.
  explicit Serving(const std::function<void(const Listening& listening)>& serve);
  ~Serving();
  Serving(const Serving&) = delete;
  Serving& operator=(const Serving&) = delete;

  std::uint16_t port() const { return port_; }
  pid_t process() const { return process_; }

 private:
  pid_t process_ = -1;
  std::uint16_t port_ = 0;
};

double cpu_seconds_of(pid_t process);           // all its threads
void keep_on_cpu(pid_t process, unsigned cpu);  // those that it has now

// Asks the same over and over; ends the program when a connection breaks.
double requests_a_cpu_second(std::uint16_t port, pid_t process, std::string_view request,
                             std::size_t connections, std::size_t requests);

}  // namespace winnow::bench
