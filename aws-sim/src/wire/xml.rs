//! XML as STS, SNS and S3 write it.

/// Begins every XML answer of S3.
pub(crate) const DECLARATION: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

pub(crate) const STS_NAMESPACE: &str = "https://sts.amazonaws.com/doc/2011-06-15/";
pub(crate) const SNS_NAMESPACE: &str = "http://sns.amazonaws.com/doc/2010-03-31/";
pub(crate) const S3_NAMESPACE: &str = "http://s3.amazonaws.com/doc/2006-03-01/";

/// The outermost element, which declares the namespace.
pub(crate) fn document(name: &str, namespace: &str, content: &str) -> String {
    format!("<{name} xmlns=\"{namespace}\">{content}</{name}>")
}

/// An element that holds text.
pub(crate) fn text(name: &str, content: &str) -> String {
    let mut escaped = String::with_capacity(content.len());
    for letter in content.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&apos;"),
            '\r' => escaped.push_str("&#13;"),
            letter => escaped.push(letter),
        }
    }
    element(name, &escaped)
}

/// An element that holds other elements.
pub(crate) fn element(name: &str, content: &str) -> String {
    format!("<{name}>{content}</{name}>")
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_outermost_element_declares_the_namespace() {
        assert_eq!(super::document("Error", "urn:x", "<a></a>"), "<Error xmlns=\"urn:x\"><a></a></Error>");
    }

    #[test]
    fn text_is_escaped() {
        assert_eq!(super::text("Key", "a<b>&\"c'"), "<Key>a&lt;b&gt;&amp;&quot;c&apos;</Key>");
    }
}
