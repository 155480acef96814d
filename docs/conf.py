"""How Sphinx makes the site: ``make docs``. Everything it shows is local; a warning is an error."""

from __future__ import annotations

import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE / "_ext"))

from coxa import __version__  # noqa: E402 - behind the path

project = "Coxa"
author = "The Coxa authors"
copyright = "The Coxa authors, Apache-2.0"  # noqa: A001 - Sphinx's name for it
version = release = __version__
html_title = f"Coxa {version}"

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "coxa_docs"]
source_suffix = {".md": "markdown"}
exclude_patterns = ["_ext"]
nitpicky = True

myst_enable_extensions = ["attrs_inline", "colon_fence", "deflist", "dollarmath"]
myst_heading_anchors = 4
#: `$` in running text is a price or a shell, not mathematics, unless letters touch it on the inside.
myst_dmath_allow_space = False
myst_dmath_allow_digits = False

autodoc_member_order = "bysource"
autodoc_typehints_format = "short"
napoleon_numpy_docstring = False
#: Other projects are not asked for their pages, since there may be no network; what is Coxa's must be there.
nitpick_ignore_regex = [("py:.*", r"(?!coxa\.).*")]

html_theme = "furo"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_show_sourcelink = False
html_copy_source = False
html_last_updated_fmt = None
html_favicon = "../frontend/icons/coxa.svg"
_LETTERS = {"font-stack": '"Figtree Variable", system-ui, sans-serif'}
html_theme_options = {
    "top_of_page_buttons": [],
    "light_css_variables": {
        **_LETTERS,
        "color-brand-primary": "#0b6b66",
        "color-brand-content": "#0b6b66",
        "color-brand-visited": "#0b6b66",
    },
    "dark_css_variables": {
        "color-brand-primary": "#5cc9bf",
        "color-brand-content": "#5cc9bf",
        "color-brand-visited": "#5cc9bf",
    },
}
pygments_style = "friendly"
pygments_dark_style = "monokai"
