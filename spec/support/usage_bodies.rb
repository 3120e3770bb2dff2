# frozen_string_literal: true

# What providers answer, in short.
module UsageBodies
  # Format => answers with what they hold, reckoned by hand.
  BY_FORMAT = {
    openai_chat: [
      [
        {usage: {
          prompt_tokens: 1_000, completion_tokens: 300, total_tokens: 1_300,
          prompt_tokens_details: {cached_tokens: 400, cache_write_tokens: 50, audio_tokens: 30, image_tokens: 20},
          completion_tokens_details: {reasoning_tokens: 120, audio_tokens: 60, rejected_prediction_tokens: 5}
        }},
        {
          input: 500, cache_read: 400, cache_write: 50, audio_input: 30, image_input: 20,
          output: 120, reasoning: 120, audio_output: 60
        }
      ],
      [{prompt_tokens: 70, completion_tokens: 12, cached_tokens: 64}, {input: 6, cache_read: 64, output: 12}],
      [
        {prompt_tokens: 70, completion_tokens: 12, prompt_cache_hit_tokens: 64, prompt_cache_miss_tokens: 6},
        {input: 6, cache_read: 64, output: 12}
      ],
      [
        {usage: {
          prompt_tokens: 100, completion_tokens: 5, num_search_queries: nil, prompt_tokens_details: {cached_tokens: 60},
          cache_creation_input_tokens: 30, cache_read_input_tokens: 60
        }},
        {input: 10, cache_read: 60, cache_write: 30, output: 5}
      ],
      [{prompt_tokens: 7, completion_tokens: 5, prompt_tokens_details: nil, completion_tokens_details: []},
        {input: 7, output: 5}],
      [{x_groq: {usage: {prompt_tokens: 7, completion_tokens: 5, queue_time: 0.1}}}, {input: 7, output: 5}]
    ],
    openai_responses: [
      [
        {type: "response.completed", response: {metadata: {}, usage: {
          input_tokens: 900, input_tokens_details: {cached_tokens: 300, cache_write_tokens: 100},
          output_tokens: 200, output_tokens_details: {reasoning_tokens: 150}, total_tokens: 1_100
        }}},
        {input: 500, cache_read: 300, cache_write: 100, output: 50, reasoning: 150}
      ],
      [{usage: {input_tokens: 5, output_tokens: 6}}, {input: 5, output: 6}]
    ],
    openai_embeddings: [[{usage: {prompt_tokens: 8, total_tokens: 8}}, {input: 8}]],
    openai_realtime: [
      [
        {type: "response.done", response: {usage: {
          total_tokens: 1_000, input_tokens: 700, output_tokens: 300,
          input_token_details: {
            text_tokens: 250, audio_tokens: 400, image_tokens: 50, cached_tokens: 320,
            cached_tokens_details: {text_tokens: 100, audio_tokens: 190, image_tokens: 30}
          },
          output_token_details: {text_tokens: 80, audio_tokens: 220}
        }}},
        {
          input: 150, cache_read: 100, audio_input: 210, audio_cache_read: 190, image_input: 20, image_cache_read: 30,
          output: 80, audio_output: 220
        }
      ]
    ],
    openai_transcription: [
      [{text: "Hi", usage: {type: "duration", seconds: 12.5}}, {transcription: 12.5}],
      [
        {text: "Hi", usage: {
          type: "tokens", input_tokens: 14, input_token_details: {text_tokens: 4, audio_tokens: 10},
          output_tokens: 45, total_tokens: 59
        }},
        {input: 4, audio_input: 10, output: 45}
      ]
    ],
    openai_images: [
      [
        {usage: {
          input_tokens: 360, input_tokens_details: {text_tokens: 40, image_tokens: 320}, output_tokens: 1_056,
          total_tokens: 1_416
        }},
        {input: 40, image_input: 320, image_output: 1_056}
      ],
      [
        {usage: {
          input_tokens: 360, input_tokens_details: {text_tokens: 40, image_tokens: 320}, output_tokens: 1_056,
          output_tokens_details: {text_tokens: 56, image_tokens: 1_000}
        }},
        {input: 40, image_input: 320, output: 56, image_output: 1_000}
      ]
    ],
    anthropic: [
      [
        {usage: {
          input_tokens: 50, cache_creation_input_tokens: 700, cache_read_input_tokens: 2_000, output_tokens: 90,
          cache_creation: {ephemeral_5m_input_tokens: 500, ephemeral_1h_input_tokens: 200},
          output_tokens_details: {thinking_tokens: 30},
          server_tool_use: {web_search_requests: 3, web_fetch_requests: 1},
          iterations: [{type: "message", input_tokens: 50, output_tokens: 90}]
        }},
        {
          input: 50, cache_read: 2_000, cache_write: 500, cache_write_1h: 200, output: 60, reasoning: 30, web_search: 3
        }
      ],
      [
        {type: "message_start", message: {usage: {
          input_tokens: 5, cache_creation_input_tokens: 0, cache_read_input_tokens: 9, output_tokens: 1
        }}},
        {input: 5, cache_read: 9, output: 1}
      ]
    ],
    gemini: [
      [
        {usageMetadata: {
          promptTokenCount: 3_297, candidatesTokenCount: 55, thoughtsTokenCount: 95, totalTokenCount: 3_447,
          cachedContentTokenCount: 2_918,
          promptTokensDetails: [
            {modality: "TEXT", tokenCount: 83}, {modality: "VIDEO", tokenCount: 2_893},
            {modality: "AUDIO", tokenCount: 321}
          ],
          cacheTokensDetails: [
            {modality: "AUDIO", tokenCount: 284}, {modality: "TEXT", tokenCount: 73},
            {modality: "VIDEO", tokenCount: 2_561}
          ]
        }},
        {
          input: 10, cache_read: 73, audio_input: 37, audio_cache_read: 284, video_input: 332, video_cache_read: 2_561,
          output: 55, reasoning: 95
        }
      ],
      [
        {usageMetadata: {
          promptTokenCount: 300, toolUsePromptTokenCount: 120, candidatesTokenCount: 1_300,
          promptTokensDetails: [{modality: "IMAGE", tokenCount: 200}, {modality: "DOCUMENT", tokenCount: 60}],
          toolUsePromptTokensDetails: [{modality: "IMAGE", tokenCount: 20}, {modality: "TEXT", tokenCount: 100}],
          candidatesTokensDetails: [{modality: "IMAGE", tokenCount: 1_290}]
        }},
        {input: 140, image_input: 280, output: 10, image_output: 1_290}
      ],
      [
        {usageMetadata: {
          promptTokenCount: 69, responseTokenCount: 176, totalTokenCount: 245,
          responseTokensDetails: [{modality: "TEXT", tokenCount: 26}, {modality: "AUDIO", tokenCount: 150}]
        }},
        {input: 69, output: 26, audio_output: 150}
      ],
      [{usageMetadata: {promptTokenCount: 279, thoughtsTokenCount: 31}}, {input: 279, reasoning: 31}]
    ],
    bedrock: [
      [
        {usage: {
          inputTokens: 3, outputTokens: 227, cacheReadInputTokens: 40, cacheWriteInputTokens: 1_712,
          cacheDetails: [{ttl: "1h", inputTokens: 712}, {ttl: "5m", inputTokens: 1_000}], serverToolUsage: {}
        }},
        {input: 3, cache_read: 40, cache_write: 1_000, cache_write_1h: 712, output: 227}
      ],
      [
        {metadata: {metrics: {latencyMs: 5}, usage: {inputTokens: 3, outputTokens: 4, totalTokens: 7}}},
        {input: 3, output: 4}
      ],
      [
        {input_tokens: 3, output_tokens: 4, cache_read_input_tokens: 5, cache_write_input_tokens: 6},
        {input: 3, cache_read: 5, cache_write: 6, output: 4}
      ]
    ],
    mistral: [
      [
        {usage: {prompt_tokens: 4, completion_tokens: 635, total_tokens: 3_264, prompt_audio_seconds: 203}},
        {input: 4, output: 635, transcription: 203}
      ],
      [{pages: [], usage_info: {pages_processed: 29, doc_size_bytes: 3_002_783}}, {page: 29}]
    ],
    cohere: [
      [
        {usage: {
          billed_units: {input_tokens: 45.0, output_tokens: 29.0}, cached_tokens: 1_024,
          tokens: {input_tokens: 1_469, output_tokens: 42}
        }},
        {input: 45, output: 29}
      ],
      [{meta: {api_version: {version: "2"}, billed_units: {search_units: 1}}, results: []}, {search_unit: 1}],
      [{meta: {billed_units: {input_tokens: 4, image_tokens: 500}}}, {input: 4, image_input: 500}]
    ],
    cohere_tokens: [
      [
        {usage: {tokens: {input_tokens: 1_469, output_tokens: 42}, cached_tokens: 1_024}},
        {input: 445, cache_read: 1_024, output: 42}
      ]
    ],
    perplexity: [
      [
        {usage: {
          prompt_tokens: 33, completion_tokens: 7_163, total_tokens: 7_196, citation_tokens: 20_016,
          num_search_queries: 18, reasoning_tokens: 73_997
        }},
        {input: 33, output: 7_163, reasoning: 73_997, citation: 20_016, web_search: 18}
      ]
    ],
    xai: [
      [
        {usage: {
          prompt_tokens: 32, completion_tokens: 9, total_tokens: 135, prompt_tokens_details: {cached_tokens: 6},
          completion_tokens_details: {reasoning_tokens: 94}
        }},
        {input: 26, cache_read: 6, output: 9, reasoning: 94}
      ],
      [
        {prompt_tokens: 32, completion_tokens: 9, reasoning_tokens: 94, cached_prompt_text_tokens: 6},
        {input: 26, cache_read: 6, output: 9, reasoning: 94}
      ]
    ],
    tokens: [
      [
        {role: :assistant, content: "Hi", input_tokens: 20, output_tokens: 30, cached_tokens: 10, thinking_tokens: 12},
        {input: 20, cache_read: 10, output: 18, reasoning: 12}
      ]
    ]
  }.freeze
end
