// The Asio names the whole program uses, with concrete executors: any_io_executor costs an
// allocation and a virtual call at every step.

#ifndef IMAGESERVER_BASE_ASIO_H_
#define IMAGESERVER_BASE_ASIO_H_

#include <boost/asio/awaitable.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/error_code.hpp>

#include "base/clock.h"

namespace imageserver {

namespace net = boost::asio;
using boost::system::error_code;

using Executor = net::io_context::executor_type;

template <class T>
using Awaitable = net::awaitable<T, Executor>;

using UseAwaitable = net::use_awaitable_t<Executor>;
inline constexpr UseAwaitable use_awaitable{};

using Tcp = net::ip::tcp;
using Socket = net::basic_stream_socket<Tcp, Executor>;
using Acceptor = net::basic_socket_acceptor<Tcp, Executor>;
using Timer = net::basic_waitable_timer<Clock, net::wait_traits<Clock>, Executor>;

}  // namespace imageserver

#endif  // IMAGESERVER_BASE_ASIO_H_
