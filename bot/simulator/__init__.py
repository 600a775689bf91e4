"""A stand-in for Tencent's servers: it pushes like them, answers like them, and shows the chat."""
