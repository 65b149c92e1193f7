#include "http/stream.h"

#include <cerrno>

#include <sys/socket.h>
#include <unistd.h>

namespace winnow::http {

Stream::~Stream() {
  if (socket_ >= 0) ::close(socket_);
}

Transfer Stream::read(char* to, std::size_t room) {
  if (tls_) return tls_->read(to, room);
  for (;;) {
    const auto got = ::recv(socket_, to, room, 0);
    dry_ = got < static_cast<ssize_t>(room);
    if (got > 0) return {Flow::Moved, static_cast<std::size_t>(got)};
    if (got == 0) return {Flow::Ended};
    if (errno != EINTR) return {errno == EAGAIN ? Flow::Blocked : Flow::Broken};
  }
}

Transfer Stream::write(std::string_view bytes) {
  if (tls_) return tls_->write(bytes);
  for (;;) {
    const auto sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent > 0) return {Flow::Moved, static_cast<std::size_t>(sent)};
    if (sent == 0 || errno == EAGAIN) return {Flow::Blocked};
    if (errno != EINTR) return {Flow::Broken};
  }
}

bool Stream::is_read_to_its_end() const {
  char byte;
  return tls_ || ::recv(socket_, &byte, 1, MSG_PEEK) == 0;
}

void Stream::end() {
  if (tls_) tls_->end();
}

}  // namespace winnow::http
