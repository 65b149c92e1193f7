#include "http/detail/connection.h"

#include <cstring>
#include <utility>

#include <sys/epoll.h>

#include "base/log.h"
#include "http/detail/loop.h"

namespace winnow::http {
namespace {

constexpr std::size_t kUnsentBytes = 1UL << 20;  // then no further request of the client is read
constexpr std::size_t kKeptBytes = 64UL << 10;   // of the memory for answers
constexpr std::size_t kSlowestBytesPerSecond = 8UL << 10;  // of a large body
constexpr std::chrono::seconds kHeartbeat{15};
constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
// RFC 6797, section 7.1: who came by TLS once comes so for a year.
constexpr std::string_view kOfTls = "strict-transport-security: max-age=31536000\r\n";

}  // namespace

Connection::Connection(Loop& loop, int socket, std::unique_ptr<TlsSession> tls, std::string peer)
    : loop_(&loop),
      stream_(socket, std::move(tls)),
      peer_(std::move(peer)),
      parser_(*loop.shared().handler),
      since_(loop.now()),
      progress_(loop.now()) {
  parser_.request().peer = peer_;
  parser_.request().is_encrypted = stream_.is_encrypted();
}

bool Connection::is_idle() const {
  return state_ == State::Reading && in_begin_ == in_end_ && sent_ == out_.size();
}

void Connection::begin() { watch(); }

void Connection::on_readable() {
  if (state_ == State::Reading) {
    read();
    process();
  } else {
    // A client has nothing to say while it waits: only its end can be read.
    if (stream_.is_read_to_its_end()) return close();
    half_closed_ = true;
  }
  flush();
}

void Connection::on_writable() {
  if (state_ == State::Reading && stream_.reads_on() == EPOLLOUT) return on_readable();
  flush();
  if (state_ == State::Reading && in_begin_ < in_end_) {
    process();
    flush();
  }
}

void Connection::read() {
  if (!in_) in_ = loop_->take_buffer();
  while (in_end_ < Loop::kBufferBytes) {
    const auto room = Loop::kBufferBytes - in_end_;
    const auto [flow, bytes] = stream_.read(in_.get() + in_end_, room);
    if (flow == Flow::Moved) {
      if (received_ == 0) since_ = loop_->now();
      in_end_ += bytes;
      received_ += bytes;
      if (!stream_.is_dry()) continue;
    }
    if (flow == Flow::Ended) reads_ended_ = true;
    if (flow == Flow::Broken) close();
    return;
  }
}

void Connection::read_on() {
  reads_on_ = false;
  if (state_ == State::Reading && !closing_) on_readable();
}

// Answers the requests that are there, one after the other.
void Connection::process() {
  while (state_ == State::Reading && !closing_ && in_begin_ < in_end_ &&
         out_.size() - sent_ < kUnsentBytes) {
    switch (
        parser_.parse(in_.get() + in_begin_, in_end_ - in_begin_, Loop::kBufferBytes - in_begin_)) {
      case RequestParser::Outcome::Complete:
        dispatch();
        continue;
      case RequestParser::Outcome::Refused:
        refuse();
        break;
      case RequestParser::Outcome::Continue:
        out_.append(kContinue);
        continue;
      case RequestParser::Outcome::NeedsMore:
        if (in_begin_ > 0) {  // from the front, where it has all the room
          std::memmove(in_.get(), in_.get() + in_begin_, in_end_ - in_begin_);
          in_end_ -= std::exchange(in_begin_, 0);
          parser_.reset();
          continue;
        }
        in_end_ = parser_.compact(in_.get(), in_end_);
        break;
    }
    break;
  }
  if (reads_ended_ && state_ == State::Reading) closing_ = true;
  if (in_ && in_begin_ == in_end_) {
    in_begin_ = in_end_ = 0;
    if (state_ == State::Reading) loop_->give_buffer(std::move(in_));
  }
}

void Connection::dispatch() {
  response_.clear();
  Exchange exchange(*this);
  try {
    loop_->shared().handler->handle(exchange);
  } catch (const std::exception& error) {
    log::error("a request handler failed",
               {{"path", std::string(request().path)}, {"error", std::string(error.what())}});
    state_ = State::Reading;
    response_.clear();
    loop_->shared().handler->refuse(500, "the server failed", response_);
  }
  if (state_ == State::Deferred) return;
  if (state_ == State::Streaming) {
    response_.append_stream_head_to(out_, loop_->date(), transport_fields());
    return;
  }
  write_answer(response_);
  end_request();
}

void Connection::write_answer(const Response& response) {
  if (!parser_.keeps_alive()) closing_ = true;
  response.append_to(out_, loop_->date(), transport_fields(), request().method != Method::Head,
                     closing_);
}

std::string_view Connection::transport_fields() const {
  return stream_.is_encrypted() ? kOfTls : std::string_view();
}

void Connection::end_request() {
  in_begin_ += parser_.used();
  parser_.reset();
  state_ = State::Reading;
  received_ = in_end_ - in_begin_;
  since_ = loop_->now();
}

void Connection::refuse() {
  response_.clear();
  loop_->shared().handler->refuse(parser_.status(), parser_.why(), response_);
  closing_ = true;
  write_answer(response_);
  in_begin_ = in_end_;
}

void Connection::answer_deferred(const Response& response) {
  if (state_ != State::Deferred) return;  // the client went away
  write_answer(response);
  end_request();
  process();
  flush();
}

bool Connection::take_room(std::size_t bytes) {
  const auto most = loop_->shared().options.stream_bytes;
  return is_open() && unsent_events_.fetch_add(bytes) + bytes <= most;
}

void Connection::send_event(std::string_view bytes) {
  if (state_ != State::Streaming) return;
  out_.append(bytes);
  flush();
}

void Connection::flush() {
  while (state_ != State::Closed && sent_ < out_.size()) {
    const auto [flow, bytes] = stream_.write(std::string_view(out_).substr(sent_));
    if (flow == Flow::Blocked) break;
    if (flow != Flow::Moved) return close();
    sent_ += bytes;
    progress_ = loop_->now();
  }
  if (state_ == State::Closed) return;
  if (sent_ == out_.size()) {
    out_.clear();
    sent_ = 0;
    unsent_events_ = 0;
    if (out_.capacity() > kKeptBytes) out_.shrink_to_fit();
    if (closing_ && state_ != State::Deferred) return close();
  }
  watch();
}

void Connection::watch() {
  const bool reads = state_ == State::Reading && !closing_ && out_.size() - sent_ < kUnsentBytes;
  const bool waits = state_ == State::Deferred || state_ == State::Streaming;
  if (reads && stream_.holds_more() && !std::exchange(reads_on_, true))
    loop_->read_on(shared_from_this());
  const std::uint32_t events = (reads ? stream_.reads_on() : 0) |
                               (waits && !half_closed_ ? std::uint32_t{EPOLLRDHUP} : 0) |
                               (sent_ < out_.size() ? stream_.writes_on() : 0);
  if (events == watched_) return;
  loop_->watch(*this, events);
  watched_ = events;
}

void Connection::on_time(SteadyTime now) {
  const auto& options = loop_->shared().options;
  if (sent_ < out_.size()) {
    if (now - progress_ > options.request) close();
  } else if (state_ == State::Streaming) {
    if (now - progress_ > kHeartbeat) send_event(":\n\n");
  } else if (state_ == State::Reading) {
    if (received_ == 0) {
      if (now - since_ > (stream_.is_established() ? options.idle : options.handshake)) close();
      return;
    }
    const std::chrono::seconds for_its_size(received_ / kSlowestBytesPerSecond);
    if (now - since_ <= options.request + for_its_size) return;
    response_.clear();
    loop_->shared().handler->refuse(408, "the request took too long to arrive", response_);
    closing_ = true;
    write_answer(response_);
    flush();
  }
}

void Connection::close_when_done() {
  closing_ = true;
  if (is_idle() || state_ == State::Streaming) close();
}

void Connection::close() {
  if (state_ == State::Closed) return;
  // Whoever will answer a deferred request may still read it.
  if (in_ && state_ != State::Deferred) loop_->give_buffer(std::move(in_));
  stream_.end();
  state_ = State::Closed;
  open_ = false;
  loop_->forget(*this);
}

}  // namespace winnow::http
