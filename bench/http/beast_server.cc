#include "bench/http/beast_server.h"

#include <memory>
#include <string>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>

namespace winnow::bench {
namespace {

namespace net = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using net::ip::tcp;

class Session : public std::enable_shared_from_this<Session> {
 public:
  Session(tcp::socket socket, std::string_view answer)
      : stream_(std::move(socket)), answer_(answer) {
    stream_.socket().set_option(tcp::no_delay(true));
  }

  void read() {
    request_ = {};
    http::async_read(stream_, buffer_, request_,
                     [self = shared_from_this()](beast::error_code error, std::size_t) {
                       if (!error) self->write();
                     });
  }

 private:
  void write() {
    response_ = {};
    response_.version(request_.version());
    response_.result(http::status::ok);
    response_.set(http::field::content_type, "application/json");
    response_.keep_alive(request_.keep_alive());
    response_.body() = answer_;
    response_.prepare_payload();
    http::async_write(stream_, response_,
                      [self = shared_from_this()](beast::error_code error, std::size_t) {
                        if (!error && self->response_.keep_alive()) self->read();
                      });
  }

  beast::tcp_stream stream_;
  beast::flat_buffer buffer_;
  http::request<http::string_body> request_;
  http::response<http::string_body> response_;
  std::string_view answer_;
};

void accept(tcp::acceptor& acceptor, std::string_view answer) {
  acceptor.async_accept([&acceptor, answer](beast::error_code error, tcp::socket socket) {
    if (!error) std::make_shared<Session>(std::move(socket), answer)->read();
    accept(acceptor, answer);
  });
}

}  // namespace

void serve_with_beast(std::string_view answer,
                      const std::function<void(std::uint16_t)>& listening) {
  net::io_context context(1);
  tcp::acceptor acceptor(context, {net::ip::address_v4::loopback(), 0});
  listening(acceptor.local_endpoint().port());
  accept(acceptor, answer);
  context.run();
}

}  // namespace winnow::bench
