"""A page in one file that runs a model in the browser, without a server or a network.

It holds ONNX Runtime for browsers, the model's own ``.onnx`` file, and two graphs beside it that
are traced from scrawl's own functions: from what was drawn to what the network takes, and from its
answer to what is shown. Its JavaScript paints, and shows.
"""
