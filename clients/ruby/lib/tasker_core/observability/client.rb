# frozen_string_literal: true

require "json"
require "socket"
require "tasker_core/observability/error"

module TaskerCore
  module Observability
    # One connection to a worker's socket, made with the first call and again after it broke or the process forked.
    # Threads may share it: calls go one at a time.
    class Client
      MAX_FRAME_BYTES = 1_048_576

      def initialize(path, timeout: 30)
        @path = path
        @timeout = timeout
        @fork_lock = Mutex.new
        @last_id = 0
      end

      def call(method, params = nil)
        synchronize do
          drop if @socket && broken?
          connect unless @socket
          exchange(method, params)
        end
      end

      def close
        synchronize { drop }
      end

      private

      def synchronize(&block)
        @fork_lock.synchronize { reset_after_fork unless @pid == Process.pid }
        @lock.synchronize(&block)
      end

      # A forked child has its parent's socket and lock: it would read the parent's answers, and wait for calls that ended
      # with the parent's threads. Closing the socket does not close the parent's.
      def reset_after_fork
        drop
        @lock = Mutex.new
        @pid = Process.pid
      end

      def exchange(method, params)
        @last_id += 1
        frame = encode({ jsonrpc: "2.0", id: @last_id, method: method, params: params }.compact)
        answer = transfer(frame, now + @timeout)
        raise Error.from(answer["error"]) unless answer["error"].nil?

        answer["result"]
      end

      def transfer(frame, deadline)
        write(frame, deadline)
        answer = read(deadline)
        answer = read(deadline) until [@last_id, nil].include?(answer["id"])
        answered = !answer["id"].nil? # an error without an id rejects the connection
        answer
      rescue SystemCallError, IOError
        raise Error.new("WORKER_NOT_RUNNING", NOT_RUNNING)
      ensure
        # A late answer must not be taken for the next call's.
        drop unless answered
      end

      def encode(request)
        "#{JSON.generate(request)}\n"
      rescue JSON::GeneratorError, EncodingError
        raise Error.new("INVALID_PARAMS", "JSON cannot represent the params.")
      end

      def connect
        @socket = UNIXSocket.new(@path)
        @buffer = String.new(encoding: Encoding::BINARY)
      rescue SystemCallError, ArgumentError
        raise Error.new("WORKER_NOT_RUNNING", NOT_RUNNING)
      end

      # A worker that was restarted has closed the idle connection: check it before anything is sent.
      def broken?
        @socket.recv_nonblock(1, Socket::MSG_PEEK, exception: false) != :wait_readable
      rescue SystemCallError, IOError
        true
      end

      def write(frame, deadline)
        until frame.empty?
          written = @socket.write_nonblock(frame, exception: false)
          written == :wait_writable ? wait(written, deadline) : frame = frame.byteslice(written..)
        end
      rescue Errno::EPIPE, Errno::ECONNRESET
        # A worker that rejects a connection closes it at once; its reason can still be read.
      end

      def read(deadline)
        receive(deadline) until (line_end = @buffer.index("\n"))
        answer = JSON.parse(@buffer.slice!(0..line_end).force_encoding(Encoding::UTF_8))
        answer.is_a?(Hash) ? answer : reject_unknown_peer
      rescue JSON::ParserError
        reject_unknown_peer
      end

      def receive(deadline)
        wait(:wait_readable, deadline)
        chunk = @socket.read_nonblock(65_536, exception: false)
        return if chunk == :wait_readable
        raise EOFError if chunk.nil?

        @buffer << chunk
        reject_unknown_peer if @buffer.bytesize > 2 * MAX_FRAME_BYTES
      end

      def wait(readiness, deadline)
        left = deadline - now
        raise Error.new("TIMEOUT", "No answer within #{@timeout} s.") unless left.positive? && @socket.public_send(readiness, left)
      end

      def reject_unknown_peer
        raise Error.new("WORKER_NOT_RUNNING", "The program that answers on this socket is not a worker.")
      end

      def drop
        @socket&.close
        @socket = nil
      end

      def now
        Process.clock_gettime(Process::CLOCK_MONOTONIC)
      end
    end
  end
end
