"""The shapes of requests and answers; the only place where pydantic describes the API."""
