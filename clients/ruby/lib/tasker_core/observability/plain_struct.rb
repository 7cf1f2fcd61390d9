# frozen_string_literal: true

module TaskerCore
  module Observability
    # Stands in for Dry::Struct where the gem is not installed: the same for what is used here.
    class PlainStruct
      # What is given is not what the struct is made of; the message names the field.
      class Mismatch < StandardError
      end

      class << self
        def attribute(name, type)
          schema[name] = type
          define_method(name) { attributes[name] }
        end

        def schema
          @schema ||= {}
        end

        alias call new

        # Usable as the type of another struct's attribute.
        def [](value)
          value.is_a?(self) ? value : new(value)
        end
      end

      # By name; structs in it stay structs.
      attr_reader :attributes

      def initialize(data)
        raise Mismatch, "#{self.class} is no hash" unless data.is_a?(Hash)

        given = data.transform_keys(&:to_sym)
        @attributes = self.class.schema.to_h { |name, type| [name, take(given, name, type)] }.freeze
        freeze
      end

      def to_h
        attributes.transform_values { |value| plain(value) }
      end

      # For pattern matching.
      def deconstruct_keys(_keys)
        attributes
      end

      # Attributes alone, as of a Dry::Struct: any other name, a method's too, is a KeyError.
      def [](name)
        attributes.fetch(name)
      end

      def ==(other)
        other.class == self.class && other.to_h == to_h
      end
      alias eql? ==

      def hash
        to_h.hash
      end

      private

      def take(given, name, type)
        raise Mismatch, "#{self.class}: #{name} is missing" unless given.key?(name)

        type[given[name]]
      rescue Dry::Types::CoercionError
        raise Mismatch, "#{self.class}: #{name} is of another type"
      end

      def plain(value)
        case value
        when PlainStruct then value.to_h
        when Hash then value.transform_values { |one| plain(one) }
        when Array then value.map { |one| plain(one) }
        else value
        end
      end
    end
  end
end
